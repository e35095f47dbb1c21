import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	INodeExecutionData,
	INodeParameters,
	IRunExecutionData,
	WorkflowExecuteMode,
} from 'n8n-workflow';

import type { WorkflowData } from '../../engine';
import { eventually } from './eventually';
import { NODE_TYPE } from './package';
import { root } from './paths';
import type { Rest } from './rest';

/** A workflow as n8n keeps it. */
export interface SavedWorkflow {
	id: string;
	versionId: string;
	nodes: WorkflowData['nodes'];
}

/** An execution that is over, or that waits. */
export interface Execution {
	id: string;
	status: string;
	mode: WorkflowExecuteMode;
	data: IRunExecutionData;
	/** What left the named node by its output, in the last of its runs. */
	items(node: string, output?: number): INodeExecutionData[];
}

/** How long a run may take. */
const RUN_MS = 60_000;

/** One of the files in `examples/`, with a credential that exists. */
export function example(file: string, credentialId: string): WorkflowData & { name: string } {
	const text = readFileSync(join(root, 'examples', file), 'utf8');
	const workflow = JSON.parse(text) as WorkflowData & { name: string };
	for (const { credentials } of workflow.nodes) {
		if (credentials?.gemmaApi) credentials.gemmaApi.id = credentialId;
	}
	return workflow;
}

/** Saves a workflow the way an import does. */
export async function saveWorkflow(
	rest: Rest,
	workflow: WorkflowData & { name?: string },
): Promise<SavedWorkflow> {
	return await rest.call('POST', '/rest/workflows', {
		name: 'Workflow',
		settings: { executionOrder: 'v1' },
		...workflow,
	});
}

/** Publishes it and waits until its webhooks and forms, if it has any, answer. */
export async function publish(rest: Rest, { id, versionId, nodes }: SavedWorkflow): Promise<void> {
	await rest.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	for (const { type, parameters, webhookId } of nodes) {
		if (type.endsWith('.webhook'))
			await knowsWebhook(`${rest.url}/webhook/${String(parameters.path)}`);
		if (type.endsWith('.formTrigger')) await knowsForm(`${rest.url}/form/${webhookId}`);
	}
}

/** Asks as a browser does before it posts to another origin: that starts nothing. */
async function knowsWebhook(url: string): Promise<void> {
	await eventually(`${url} is known`, async () => {
		const origin = new URL(url).origin;
		const { headers } = await fetch(url, { method: 'OPTIONS', headers: { origin } });
		return headers.get('access-control-allow-methods')?.includes('POST');
	});
}

async function knowsForm(url: string): Promise<void> {
	await eventually(`${url} is known`, async () => (await fetch(url)).ok);
}

/** Its webhooks and schedules live no longer. */
export async function unpublish(rest: Rest, { id }: SavedWorkflow): Promise<void> {
	await rest.call('POST', `/rest/workflows/${id}/deactivate`, {});
}

/** Presses Execute Workflow. @returns the execution's id. */
export async function startRun(
	rest: Rest,
	workflow: SavedWorkflow,
	trigger: string,
): Promise<string> {
	const { executionId } = await rest.call<{ executionId: string }>(
		'POST',
		`/rest/workflows/${workflow.id}/run`,
		{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
	);
	return executionId;
}

/** Presses Execute Workflow and waits for the end. */
export async function runManually(
	rest: Rest,
	workflow: SavedWorkflow,
	trigger: string,
): Promise<Execution> {
	return await finished(rest, await startRun(rest, workflow, trigger));
}

/** @throws Error when it takes longer than a minute. */
export async function finished(rest: Rest, executionId: string): Promise<Execution> {
	return await eventually(
		`execution ${executionId} ends`,
		async () => {
			const execution = await readExecution(rest, executionId);
			return !['new', 'running'].includes(execution.status) && execution;
		},
		{ withinMs: RUN_MS },
	);
}

export async function readExecution(rest: Rest, executionId: string): Promise<Execution> {
	const raw = await rest.call<Omit<Execution, 'data' | 'items'> & { data: string }>(
		'GET',
		`/rest/executions/${executionId}`,
	);
	const { parse } = await import('flatted');
	const data = parse(raw.data) as IRunExecutionData;
	return {
		...raw,
		data,
		items: (node, output = 0) => data.resultData.runData[node]?.at(-1)?.data?.main?.[output] ?? [],
	};
}

/** A workflow's newest executions, at most 100: all, or those with one of these statuses. */
export async function executionsOf(
	rest: Rest,
	{ id: workflowId }: { id: string },
	status?: string[],
): Promise<Array<{ id: string; status: string }>> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status }));
	const page = await rest.call<{ results: Array<{ id: string; status: string }> }>(
		'GET',
		`/rest/executions?limit=100&filter=${filter}`,
	);
	return page.results;
}

/** A trigger by hand, and a Gemma behind it. */
export function gemmaByHand(
	credentialId: string,
	parameters: INodeParameters = {},
): WorkflowData & { name: string } {
	const nodes: WorkflowData['nodes'] = [
		{
			id: randomUUID(),
			name: 'By hand',
			type: 'n8n-nodes-base.manualTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		},
		{
			id: randomUUID(),
			name: 'Gemma',
			type: NODE_TYPE,
			typeVersion: 1,
			position: [220, 0],
			parameters,
			credentials: { gemmaApi: { id: credentialId, name: 'Gemma account' } },
		},
	];
	const connections = { 'By hand': { main: [[{ node: 'Gemma', type: 'main', index: 0 }]] } };
	return { name: 'By hand', nodes, connections } as WorkflowData & { name: string };
}
