import { randomUUID } from 'node:crypto';
import type { INode, INodeExecutionData } from 'n8n-workflow';

import { GemmaApi } from '../credentials/GemmaApi.credentials';
import { startEngine, type Engine, type WorkflowData } from '../engine';
import type { Asset } from '../sandbox';
import { LoopClock } from './loopClock';
import { parametersOf, schemaOf } from './operations';
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

/**
 * The items as n8n hands them to the node.
 *
 * @param assets ids of the pictures that are up, by their numbers.
 */
export const inputItems = async (
	{ engine, pictures }: Bench,
	{ items }: Plan,
	assets: Map<number, string>,
) =>
	await Promise.all(
		items.map(async (item): Promise<INodeExecutionData> => {
			const fields = item.pictures.map(async (number, position) => {
				const { content, fileName, mimeType } = pictures[number];
				const data = await engine.binary(content, fileName, mimeType);
				return [`picture${position}`, data] as const;
			});
			const binary = Object.fromEntries(await Promise.all(fields));
			const names = Object.keys(binary).join(', ');
			const { id, text } = item;
			const schema = JSON.stringify(schemaOf(id));
			const assetIds = item.pictures.map((number) => assets.get(number) ?? '');
			return { json: { text, names, schema, assetIds }, ...(names && { binary }) };
		}),
	);

/** Puts a run's pictures up, as somebody else has done before. @returns their ids, by their numbers. */
export function putUp(
	{ pictures }: Bench,
	{ items, operation }: Plan,
	store: Map<string, Asset>,
): Map<number, string> {
	const ids = new Map<number, string>();
	if (operation !== 'analyzeAssets') return ids;
	for (const number of new Set(items.flatMap((item) => item.pictures))) {
		const { content, mimeType } = pictures[number];
		const id = randomUUID();
		ids.set(number, id);
		store.set(id, {
			contentType: mimeType,
			description: 'given',
			bytes: content,
			createdAt: Date.now(),
			uploaded: true,
			signature: '',
		});
	}
	return ids;
}

/** The one node of a run. */
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
			modelId: { __rl: true, mode: 'id', value: plan.modelId },
			simplify,
			options,
			...parametersOf(operation),
		},
	};
	return { id, nodes: [gemma], connections: {} };
}
