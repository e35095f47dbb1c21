import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { INSTALL, npm } from '../e2e/harness/npm';
import { tarball } from '../e2e/harness/package';
import { root } from '../e2e/harness/paths';

/** What the packed package is made of. */
const SOURCES = ['nodes', 'credentials', 'package.json', 'gulpfile.js', 'tsconfig.build.json'];

/**
 * Builds the package and installs it for n8n, unless what is installed was made of the same files.
 *
 * @throws Error with what the compiler or npm said.
 */
export async function installFreshPackage(userFolder: string): Promise<void> {
	const stamp = join(userFolder, 'package.sha256');
	const wanted = fingerprint();
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
	console.log('Building and installing the node.');
	const folder = await communityFolder(userFolder);
	// npm would take a tarball of the same name for the one that it knows.
	const packed = join(folder, `${wanted.slice(0, 12)}.tgz`);
	await copyFile(await tarball(), packed);
	await npm([...INSTALL, packed], folder);
	await removeEarlier(folder, packed);
	writeFileSync(stamp, wanted);
}

/** n8n's own folder for what it installs; npm would pass one without a package.json by. */
async function communityFolder(userFolder: string): Promise<string> {
	const folder = join(userFolder, '.n8n/nodes');
	await mkdir(folder, { recursive: true });
	const manifest = join(folder, 'package.json');
	if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true, "dependencies": {} }\n');
	return folder;
}

async function removeEarlier(folder: string, packed: string): Promise<void> {
	for (const name of await readdir(folder)) {
		const file = join(folder, name);
		if (name.endsWith('.tgz') && file !== packed) await rm(file);
	}
}

function fingerprint(): string {
	const hash = createHash('sha256');
	for (const file of SOURCES.flatMap(filesOf)) {
		hash.update(`${file}\n`).update(readFileSync(join(root, file)));
	}
	return hash.digest('hex');
}

/** A folder's files, or the file itself; paths from the root. */
function filesOf(source: string): string[] {
	if (source.includes('.')) return [source];
	const entries = readdirSync(join(root, source), { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))
		.sort();
}
