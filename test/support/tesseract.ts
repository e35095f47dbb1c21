import { execFile, spawnSync } from 'node:child_process';

/** Whether the OCR program is installed (Debian: `apt-get install tesseract-ocr`). */
export const hasTesseract = (): boolean => spawnSync('tesseract', ['--version']).status === 0;

/** The words that OCR finds in a picture, as they are printed. */
export async function wordsIn(picture: Buffer): Promise<Set<string>> {
	const env = { ...process.env, OMP_THREAD_LIMIT: '1' };
	const text = await new Promise<string>((resolve, reject) => {
		const run = execFile(
			'tesseract',
			['stdin', 'stdout', '--psm', '6'],
			{ env },
			(error, stdout) => (error ? reject(error) : resolve(stdout)),
		);
		run.stdin?.end(picture);
	});
	return new Set(text.split(/\s+/));
}
