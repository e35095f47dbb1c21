import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { INSTALL, npm } from './npm';
import { root } from './paths';
import { temporaryFolder } from './temporary';

const run = promisify(execFile);

export const PACKAGE = 'n8n-nodes-gemma';
export const NODE_TYPE = `${PACKAGE}.gemma`;

let packed: Promise<string> | undefined;

/**
 * Builds the package and packs it, once a process, unless `E2E_TARBALL` names one.
 *
 * @returns the tarball's path.
 */
export async function tarball(): Promise<string> {
	if (process.env.E2E_TARBALL) return process.env.E2E_TARBALL;
	return await (packed ??= (async () => {
		await npm(['run', 'build', '--silent'], root);
		return await pack(root, temporaryFolder('tarball'));
	})());
}

/** The same package under another version number. @returns the tarball's path. */
export async function tarballAs(version: string): Promise<string> {
	const folder = temporaryFolder('tarball');
	await run('tar', ['-xzf', await tarball(), '-C', folder]);
	const manifest = join(folder, 'package/package.json');
	const fields = JSON.parse(await readFile(manifest, 'utf8')) as object;
	await writeFile(manifest, JSON.stringify({ ...fields, version }));
	return await pack(join(folder, 'package'), folder);
}

async function pack(folder: string, destination: string): Promise<string> {
	const args = ['pack', '--silent', '--ignore-scripts', `--pack-destination=${destination}`];
	const { stdout } = await npm(args, folder);
	return join(destination, stdout.trim());
}

let unpacked: Promise<string> | undefined;

/**
 * Installs the packed package into n8n's own folder for community packages, as people do by hand.
 * It is fetched once a process, and copied for each further n8n.
 */
export async function installPackage(userFolder: string): Promise<void> {
	const nodes = join(userFolder, '.n8n/nodes');
	if (existsSync(join(nodes, 'node_modules', PACKAGE))) return;
	const source = await (unpacked ??= unpack());
	await mkdir(nodes, { recursive: true });
	cpSync(source, nodes, { recursive: true, verbatimSymlinks: true });
}

async function unpack(): Promise<string> {
	const folder = temporaryFolder('package');
	await npm([...INSTALL, await tarball()], folder);
	return folder;
}
