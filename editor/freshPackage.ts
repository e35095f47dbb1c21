import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { installPackage, PACKAGE } from '../e2e/harness/package';
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
	rmSync(join(userFolder, '.n8n/nodes/node_modules', PACKAGE), { recursive: true, force: true });
	await installPackage(userFolder);
	writeFileSync(stamp, wanted);
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
