import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type as system } from 'node:os';
import { join } from 'node:path';

import { peersAreInstalled } from '../peers/langchain';

/** What the figures depend on. */
export interface Machine {
	system: string;
	cpu: string;
	cores: number;
	memoryGb: number;
	node: string;
	/** Versions by package. */
	packages: Record<string, string>;
}

const bench = join(__dirname, '..');

const OWN = ['n8n-core', 'n8n-workflow', 'n8n-nodes-base', 'undici', 'eventsource-parser', 'sharp'];
const PEERS = ['@n8n/n8n-nodes-langchain', 'openai'];

export function describeMachine(): Machine {
	const [first] = cpus();
	const root = join(bench, '..');
	const versions = (folder: string, names: string[]) =>
		names.map((name) => [name, versionIn(join(folder, 'node_modules', name))] as const);
	return {
		system: `${system()} ${release()}`,
		cpu: first?.model.trim() ?? 'unknown',
		cores: cpus().length,
		memoryGb: Math.round(totalmem() / 2 ** 30),
		node: process.version,
		packages: Object.fromEntries([
			['n8n-nodes-gemma', versionIn(root)],
			...versions(root, OWN),
			...(peersAreInstalled() ? versions(bench, PEERS) : []),
		]),
	};
}

const versionIn = (folder: string) =>
	(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
