import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How n8n's users install a community package by hand; its tarball or name follows. */
export const INSTALL = [
	...['install', '--ignore-scripts', '--omit=dev', '--omit=peer', '--prefer-offline'],
	...['--no-audit', '--no-fund'],
];

/**
 * How to start npm: the one that runs this, when it was started by `npm run`. On Windows npm is a
 * script that only a shell starts.
 *
 * @returns a program and its first arguments.
 */
export function npmCommand(): [file: string, ...args: string[]] {
	const { npm_execpath: script } = process.env;
	return script?.endsWith('npm-cli.js') ? ['node', script] : ['npm'];
}

/** @throws Error with what npm wrote when it fails. */
export async function npm(args: string[], cwd: string): Promise<{ stdout: string }> {
	const [file, ...first] = npmCommand();
	return await run(file, [...first, ...args], { cwd });
}
