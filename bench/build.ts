import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { transformFile } from '@swc/core';

const root = join(__dirname, '..');

/** Below the root's node_modules, where compiled code finds the same packages as its source. */
const cache = join(root, 'node_modules/.cache');

/** By its path: the peers bring another TypeScript into this folder. */
const compiler = join(root, 'node_modules/typescript/bin/tsc');

/** What a job needs besides the node: a file, or a folder without those below it. */
const AROUND = [
	'bench/jobs',
	'bench/measure',
	'bench/peers',
	'engine',
	'test/support/pictures.ts',
	'test/support/random.ts',
];

/**
 * Compiles what is measured: the node as the package is built, the rest as the tests see it. A
 * loader that translates while the program runs would be measured along: it is asked at every
 * `import()`.
 *
 * @returns the path of the compiled program.
 * @throws Error with the compiler's findings.
 */
export async function buildJobs(): Promise<string> {
	await mkdir(cache, { recursive: true });
	// One for each run: there may be two at a time.
	const out = await mkdtemp(join(cache, 'gemma-bench-'));
	process.once('exit', () => rmSync(out, { recursive: true, force: true }));
	const build = [compiler, '-p', join(root, 'tsconfig.build.json'), '--outDir', out];
	await promisify(execFile)(process.execPath, build).catch(withFindings);
	for (const place of AROUND) {
		const names = place.endsWith('.ts') ? [''] : await readdir(join(root, place));
		for (const name of names) await translate(join(place, name), out);
	}
	return join(out, 'bench/jobs/main.js');
}

async function translate(file: string, out: string): Promise<void> {
	const { code } = await transformFile(join(root, file), {
		swcrc: false,
		jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
		module: { type: 'commonjs', ignoreDynamic: true },
	});
	const compiled = join(out, file.replace(/\.ts$/, '.js'));
	await mkdir(dirname(compiled), { recursive: true });
	await writeFile(compiled, code);
}

function withFindings(error: Error & { stdout?: string }): never {
	throw new Error(error.stdout || error.message);
}
