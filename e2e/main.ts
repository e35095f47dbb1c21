/**
 * The tests in the real n8n: installs it where it is missing, packs the package, and runs the files
 * of `tests/`, one after the other. What stands on the command line goes to jest.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { installN8n, installTools } from './harness/install';
import { tarball } from './harness/package';
import { root } from './harness/paths';
import { temporaryFolder } from './harness/temporary';
import { currentN8n, oldestN8n } from './harness/versions';

async function main(): Promise<number> {
	const began = performance.now();
	await timed('Installing', async () => {
		await installTools();
		await installN8n(currentN8n);
		await installN8n(oldestN8n);
	});
	await timed('Building and packing', async () => {
		process.env.E2E_TARBALL = await tarball();
	});
	process.env.E2E_FOLDER = temporaryFolder('tests');
	const code = await timed('Testing', async () => await runJest(process.argv.slice(2)));
	console.log(`All of it took ${minutes(began)} minutes.`);
	return code;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
	const began = performance.now();
	const result = await work();
	console.log(`${what} took ${minutes(began)} minutes.`);
	return result;
}

const minutes = (since: number) => ((performance.now() - since) / 60_000).toFixed(1);

/** @returns the exit code. */
async function runJest(args: string[]): Promise<number> {
	const jest = join(root, 'node_modules/jest/bin/jest.js');
	const config = join(__dirname, 'jest.config.js');
	const child = spawn(process.execPath, [jest, '--config', config, ...args], { stdio: 'inherit' });
	// A terminal sends Ctrl-C to both; a plain SIGTERM has to be handed on.
	process.on('SIGINT', () => {}).on('SIGTERM', () => child.kill());
	const [code] = (await once(child, 'exit')) as [number | null];
	return code ?? 1;
}

main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exit(1);
	},
);
