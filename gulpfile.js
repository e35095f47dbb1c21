const { execFile } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { promisify } = require('node:util');
const { dest, series, src } = require('gulp');

const run = promisify(execFile);

/** Removes what an earlier build left, so that a renamed file does not ship twice. */
const clean = async () => await rm('dist', { recursive: true, force: true });

/** TypeScript to JavaScript and type declarations; prints the compiler's findings and fails on any. */
async function compile() {
	try {
		await run(process.execPath, [
			require.resolve('typescript/bin/tsc'),
			'-p',
			'tsconfig.build.json',
		]);
	} catch (error) {
		throw new Error(error.stdout || error.message);
	}
}

/** Icons and codex: what n8n reads from beside the compiled node, which tsc does not copy. */
const assets = () =>
	src(['nodes/**/*.svg', 'nodes/**/*.node.json'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));

exports.clean = clean;
exports.assets = assets;
exports.build = series(clean, compile, assets);
