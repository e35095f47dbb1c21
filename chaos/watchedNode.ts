import { createRequire } from 'node:module';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

// Not by import: tsx would take the codex file, Gemma.node.json, for the module.
const { Gemma } = createRequire(__filename)(
	'../nodes/Gemma/Gemma.node.ts',
) as typeof import('../nodes/Gemma/Gemma.node');

/** How one execution of the node itself ended, whatever n8n made of it. */
export type NodeEnd = { items: INodeExecutionData[] } | { error: Error & { context?: unknown } };

const listeners = new Map<string, (end: NodeEnd) => void>();

/**
 * Waits for the node of the workflow with this id: n8n does not, when an execution is stopped.
 */
export function endOfNode(workflowId: string): Promise<NodeEnd> {
	return new Promise((resolve) => {
		listeners.set(workflowId, (end) => {
			listeners.delete(workflowId);
			resolve(end);
		});
	});
}

/** The real node, which tells how it ended. */
export class WatchedGemma extends Gemma {
	override async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const running = Gemma.prototype.execute.call(this);
		const tell = listeners.get(String(this.getWorkflow().id)) ?? (() => {});
		running.then(
			// n8n takes items out of this very array when errors have an output of their own.
			([items]) => tell({ items: [...items] }),
			(error: Error) => tell({ error }),
		);
		return await running;
	}
}
