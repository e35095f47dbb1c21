import { rmSync } from 'node:fs';
import { mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { photo } from '../../test/support/pictures';

export interface Pictures {
	files: string[];
	/** Bytes, of all of them together. */
	bytes: number;
}

/**
 * Three different photographs of 12 megapixels, as a phone takes them: 5 to 6 MB each. They are gone
 * when the process ends.
 */
export async function takePictures(): Promise<Pictures> {
	const folder = await mkdtemp(join(tmpdir(), 'gemma-bench-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	const files: string[] = [];
	let bytes = 0;
	for (const seed of [1, 2, 3]) {
		const file = join(folder, `photo-${seed}.jpg`);
		await writeFile(file, await photo({ width: 4000, height: 3000, quality: 94, seed }));
		bytes += (await stat(file)).size;
		files.push(file);
	}
	return { files, bytes };
}

/** One that costs nobody anything. */
export const smallPicture = async () => await photo({ width: 64, height: 48 });
