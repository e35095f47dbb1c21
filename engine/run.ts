import {
	createRunExecutionData,
	deepCopy,
	type ExecutionError,
	type INode,
	type IRun,
	type IWorkflowExecuteAdditionalData,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { additionalDataFor } from './additionalData';
import { CredentialsHelper } from './credentialsHelper';
import type { CredentialTypes, NodeTypes } from './nodeTypes';
import type { Runtime } from './runtime';
import type { EngineRun, RunOptions, WorkflowData } from './types';

export interface Installed {
	runtime: Runtime;
	nodeTypes: NodeTypes;
	credentialTypes: CredentialTypes;
}

/** Runs one workflow through n8n's `WorkflowExecute`. */
export async function runWorkflow(
	installed: Installed,
	executionId: string,
	data: WorkflowData,
	options: RunOptions,
): Promise<EngineRun> {
	const startedAt = new Date();
	const mode = options.mode ?? 'manual';
	try {
		return describeRun(await execute(installed, executionId, data, mode, options));
	} catch (error) {
		// n8n throws before the first node when the workflow itself is wrong; a server turns that
		// into a failed execution without any node's data.
		const failed = createRunExecutionData({
			resultData: { error: error as ExecutionError, runData: {} },
		});
		return describeRun({ data: failed, mode, startedAt, storedAt: 'db', status: 'error' });
	}
}

async function execute(
	{ runtime, nodeTypes, credentialTypes }: Installed,
	executionId: string,
	data: WorkflowData,
	mode: WorkflowExecuteMode,
	options: RunOptions,
): Promise<IRun> {
	const { core } = runtime;
	const { id = 'workflow', name = 'Workflow' } = data;
	const workflow = new Workflow({
		id,
		name,
		active: false,
		nodeTypes,
		connections: data.connections,
		// Workflow fills defaults into the nodes it is given.
		nodes: deepCopy(data.nodes),
		settings: { executionOrder: 'v1', ...data.settings },
		staticData: data.staticData,
	});
	const startNode = options.startNode
		? (workflow.getNode(options.startNode) ?? undefined)
		: workflow.getStartNode();
	if (!startNode) throw new Error(`No node to start from: ${options.startNode ?? 'no trigger'}`);

	const hooks = new core.ExecutionLifecycleHooks(mode, executionId, {
		...{ id, name, nodes: data.nodes, connections: data.connections, settings: data.settings },
		...{ active: false, isArchived: false, activeVersionId: null },
		...{ createdAt: new Date(), updatedAt: new Date() },
	});
	const { onStreamChunk, onMessage, timeoutMs } = options;
	if (onStreamChunk) hooks.addHandler('sendChunk', async (chunk) => onStreamChunk(chunk));

	const credentialsHelper = new CredentialsHelper(core, credentialTypes, options.credentials ?? {});
	const rest: Partial<IWorkflowExecuteAdditionalData> = {
		hooks,
		executionId,
		workflowId: id,
		workflowSettings: data.settings,
		sendDataToUI: (_, data) => {
			for (const message of (data as { messages: unknown[] }).messages) onMessage?.(message);
		},
		streamingEnabled: onStreamChunk !== undefined,
		executionTimeoutTimestamp: timeoutMs === undefined ? undefined : Date.now() + timeoutMs,
	};
	const engine = new core.WorkflowExecute(
		additionalDataFor(runtime, credentialsHelper, rest),
		mode,
	);
	const input = inputFor(startNode, nodeTypes, options.input);
	const running = engine.run({
		workflow,
		startNode,
		pinData: { ...data.pinData, ...input.pinData },
		triggerToStartFrom: input.triggerToStartFrom,
	});
	return await untilStopped(running, options);
}

/** A trigger makes its items itself, so they are pinned to it; any other node takes them in. */
function inputFor(startNode: INode, nodeTypes: NodeTypes, items: RunOptions['input']) {
	if (!items) return {};
	const { group } = nodeTypes.getByNameAndVersion(
		startNode.type,
		startNode.typeVersion,
	).description;
	if (group.includes('trigger')) return { pinData: { [startNode.name]: items } };
	const data = { ...emptyTask, data: { main: [items] } };
	return { triggerToStartFrom: { name: startNode.name, data } };
}

const emptyTask = { startTime: 0, executionTime: 0, executionIndex: 0, source: [] };

/** Waits for the run; Stop and the time limit cancel it as a server does, and the node is told. */
async function untilStopped(
	running: Promise<IRun> & { cancel(): void },
	{ signal, cancelAfterMs, timeoutMs }: RunOptions,
): Promise<IRun> {
	const cancel = () => running.cancel();
	const timers = [cancelAfterMs, timeoutMs]
		.filter((delay) => delay !== undefined)
		.map((delay) => setTimeout(cancel, delay));
	if (signal?.aborted) cancel();
	signal?.addEventListener('abort', cancel);
	try {
		return await running;
	} finally {
		timers.forEach((timer) => clearTimeout(timer));
		signal?.removeEventListener('abort', cancel);
	}
}

function describeRun(data: IRun): EngineRun {
	const { error, runData } = data.data.resultData;
	const last = (nodeName: string) => runData[nodeName]?.at(-1);
	return {
		status: data.status,
		error,
		data,
		items: (nodeName, outputIndex = 0) => last(nodeName)?.data?.main[outputIndex] ?? [],
		hints: (nodeName) => last(nodeName)?.hints ?? [],
		nodeError: (nodeName) => last(nodeName)?.error,
	};
}
