import { NodeHelpers } from 'n8n-workflow';
import { listSearch, loadOptions, testCredential } from './editor';
import { CredentialTypes, NodeTypes } from './nodeTypes';
import { type Installed, runWorkflow } from './run';
import { startRuntime } from './runtime';
import type { Engine, EngineOptions } from './types';

export type * from './types';

/**
 * Starts n8n's execution engine without its server: real nodes, expressions, credentials, binary
 * data, retries and error outputs; no database, editor, webhooks, sub-workflows or Code node.
 * Expressions run in n8n's `legacy` evaluator, as the newer one needs a native module.
 *
 * @throws Error when another engine is open in this process: n8n's services are global to it
 */
export async function startEngine(options: EngineOptions): Promise<Engine> {
	const { nodes, binaryMode = 'default', environment } = options;
	const runtime = await startRuntime({ N8N_DEFAULT_BINARY_DATA_MODE: binaryMode, ...environment });
	const installed: Installed = {
		runtime,
		nodeTypes: new NodeTypes(nodes),
		credentialTypes: new CredentialTypes(options.credentialTypes),
	};
	const { core, container } = runtime;
	let executions = 0;
	return {
		run: async (workflow, runOptions = {}) =>
			await runWorkflow(installed, String(++executions), workflow, runOptions),
		binary: async (bytes, fileName, mimeType) =>
			await core.prepareBinaryData(bytes, 'prepared', 'workflow', fileName, mimeType),
		readBinary: async (data) => await container.get(core.BinaryDataService).getAsBuffer(data),
		loadOptions: async (nodeType, method, request = {}) =>
			await loadOptions(installed, nodeType, method, request),
		listSearch: async (nodeType, method, request = {}) =>
			await listSearch(installed, nodeType, method, request),
		testCredential: async (type, data) => {
			const latest = Object.values(nodes).map((node) => NodeHelpers.getVersionedNodeType(node));
			return await testCredential(installed, latest, type, data);
		},
		close: async () => await runtime.stop(),
	};
}
