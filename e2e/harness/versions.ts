import { join } from 'node:path';

/** A release of n8n that the package is tried in. */
export interface N8nVersion {
	name: string;
	/** With its own package.json, lockfile and, once installed, node_modules. */
	folder: string;
	/** Packages with native code that has to be compiled: install scripts are off. */
	rebuild: string[];
	/** For the announcement of the install. */
	cost: string;
	/** Its own runtime: `false` for the Node.js that runs this. */
	needsNode24: boolean;
	/** Environment variables that only this release knows. */
	env: Record<string, string>;
}

/** Tools beside n8n: its Node.js and a registry. */
export const tools = join(__dirname, '..');

export const currentN8n: N8nVersion = {
	name: '2.41.1',
	folder: join(tools, 'n8n/current'),
	rebuild: ['sqlite3', 'isolated-vm'],
	cost: '2.9 GB, 6 to 12 minutes',
	needsNode24: true,
	// It would ask a directory on the internet at each start.
	env: { N8N_DISABLED_MODULES: 'mcp-registry' },
};

export const oldestN8n: N8nVersion = {
	name: '2.8.4',
	folder: join(tools, 'n8n/oldest'),
	rebuild: ['sqlite3'],
	cost: '2.2 GB, 5 to 10 minutes',
	needsNode24: false,
	env: {},
};
