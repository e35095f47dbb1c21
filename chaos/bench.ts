import type { INode, INodeExecutionData } from 'n8n-workflow';

import { GemmaApi } from '../credentials/GemmaApi.credentials';
import { startEngine, type Engine, type WorkflowData } from '../engine';
import { LoopClock } from './loopClock';
import type { Plan } from './plan';
import { makePictures, type SmallPicture } from './pictures';
import { watchTimers } from './timers';
import { watchTraffic } from './traffic';
import { WatchedGemma } from './watchedNode';

const GEMMA_TYPE = 'n8n-nodes-gemma.gemma';

/** What all runs share: n8n's engine with the real node in it, and the pictures. */
export interface Bench {
	engine: Engine;
	pictures: SmallPicture[];
	clock: LoopClock;
	close(): Promise<void>;
}

/** @throws Error when another engine is open in this process. */
export async function openBench(): Promise<Bench> {
	const pictures = await makePictures();
	const engine = await startEngine({
		nodes: { [GEMMA_TYPE]: new WatchedGemma() },
		credentialTypes: { gemmaApi: new GemmaApi() },
	});
	const clock = new LoopClock();
	const endings = [watchTimers(), watchTraffic(), () => clock.stop()];
	return {
		engine,
		pictures,
		clock,
		close: async () => {
			endings.forEach((end) => end());
			await engine.close();
		},
	};
}

/** The items as n8n hands them to the node. */
export const inputItems = async ({ engine, pictures }: Bench, { items }: Plan) =>
	await Promise.all(
		items.map(async (item): Promise<INodeExecutionData> => {
			const fields = item.pictures.map(async (number, position) => {
				const { content, fileName, mimeType } = pictures[number];
				const data = await engine.binary(content, fileName, mimeType);
				return [`picture${position}`, data] as const;
			});
			const binary = Object.fromEntries(await Promise.all(fields));
			const names = Object.keys(binary).join(', ');
			return { json: { text: item.text, names }, ...(names && { binary }) };
		}),
	);

/** The one node of a run; what differs by item comes by expression. */
export function workflowOf(plan: Plan, id: string): WorkflowData {
	const { operation, options, simplify, onError } = plan;
	const gemma: INode = {
		id: 'gemma',
		name: 'Gemma',
		type: GEMMA_TYPE,
		typeVersion: 1,
		position: [0, 0],
		onError,
		credentials: { gemmaApi: { id: '1', name: 'Gemma account' } },
		parameters: {
			resource: operation,
			modelId: { __rl: true, mode: 'id', value: plan.modelId },
			simplify,
			options,
			...(operation === 'text'
				? { messages: { values: [{ role: 'user', content: '={{ $json.text }}' }] } }
				: { operation: 'analyze', text: '={{ $json.text }}' }),
			...(operation === 'image' && { binaryPropertyName: '={{ $json.names }}' }),
		},
	};
	return { id, nodes: [gemma], connections: {} };
}
