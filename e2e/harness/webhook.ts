import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowData } from '../../engine';
import { NODE_TYPE } from './package';

export interface WebhookWorkflow {
	workflow: WorkflowData & { name: string };
	/** Behind `/webhook/`. */
	path: string;
}

/** A webhook that takes a form with pictures and answers with what Gemma says of them all. */
export function webhookWorkflow(
	credentialId: string,
	parameters: INodeParameters = {},
	node: Partial<WorkflowData['nodes'][number]> = {},
): WebhookWorkflow {
	const path = randomUUID();
	const nodes: WorkflowData['nodes'] = [
		{
			id: randomUUID(),
			name: 'Webhook',
			type: 'n8n-nodes-base.webhook',
			typeVersion: 2,
			position: [0, 0],
			webhookId: path,
			parameters: { httpMethod: 'POST', path, responseMode: 'lastNode', options: {} },
		},
		{
			id: randomUUID(),
			name: 'Gemma',
			type: NODE_TYPE,
			typeVersion: 1,
			position: [220, 0],
			parameters: {
				resource: 'image',
				operation: 'analyze',
				text: '={{ $json.body.question || "What is in these pictures?" }}',
				imageInput: 'allBinary',
				...parameters,
			},
			credentials: { gemmaApi: { id: credentialId, name: 'Gemma account' } },
			...node,
		},
	];
	return {
		path,
		workflow: {
			name: `Pictures by webhook ${path}`,
			nodes,
			connections: { Webhook: { main: [[{ node: 'Gemma', type: 'main', index: 0 }]] } },
		},
	};
}
