import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';

/** Where this folder's own packages are; the compiled jobs stand elsewhere and are told. */
export const MODULES = process.env.BENCH_MODULES ?? join(__dirname, '../node_modules');
const require = createRequire(__filename);

/** Whether `npm ci` of this folder came to its end: npm writes this file last. */
export const peersAreInstalled = () => existsSync(join(MODULES, '.package-lock.json'));

/** A package that only this folder has, e.g. `openai`. @throws Error when it is not installed */
export const requirePeer = (name: string): unknown => require(join(MODULES, name));

/** A class of n8n's language model package, by its file. */
function load<Instance>(file: string, className: string): Instance {
	const path = join(MODULES, '@n8n/n8n-nodes-langchain/dist', file);
	return new (require(path) as Record<string, new () => Instance>)[className]();
}

export const langchainNodes = (): Record<string, INodeType> => ({
	'@n8n/n8n-nodes-langchain.moonshot': load('nodes/vendors/Moonshot/Moonshot.node.js', 'Moonshot'),
	'@n8n/n8n-nodes-langchain.chainLlm': load('nodes/chains/ChainLLM/ChainLlm.node.js', 'ChainLlm'),
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': load(
		'nodes/llms/LMChatOpenAi/LmChatOpenAi.node.js',
		'LmChatOpenAi',
	),
});

export const langchainCredentials = (): Record<string, ICredentialType> => ({
	moonshotApi: load('credentials/MoonshotApi.credentials.js', 'MoonshotApi'),
});
