import type { INodeParameters } from 'n8n-workflow';
import type { SandboxSettings } from '../sandbox';
import { openDice, type Dice } from './dice';
import type { Bounds, PlannedFault } from './fault';
import { showsPictures, type Operation } from './operations';
import { assetFault, chatFault, modelsFault, pending } from './otherFaults';
import { PICTURE_COUNT } from './pictures';

export type OnError = 'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput';

export interface PlannedItem {
	/** Found in nothing but this item's own text. */
	id: string;
	text: string;
	/** Numbers of the pictures it carries, in their order. */
	pictures: number[];
}

/** Everything about one run, decided by its seed alone. */
export interface Plan {
	seed: number;
	apiKey: string;
	operation: Operation;
	onError: OnError;
	items: PlannedItem[];
	modelId: string;
	/** The node's `options`. */
	options: INodeParameters & { maxRetries: number; concurrency: number; stream: boolean };
	simplify: boolean;
	/** How the sandbox differs from its defaults. */
	sandbox: Partial<SandboxSettings>;
	faults: PlannedFault[];
	/** Stop is pressed so long after so many requests have gone out. */
	cancel?: { requests: number; afterMs: number };
}

const MODELS = ['google/gemma-3-27b-it', 'google/gemma-3-4b-it', 'google/gemma-4-31b-it'];
const GONE = ['google/gemma-retired-it', 'google/gemma-not-granted-it', 'google/gemma-none'];
const FILLING = [
	'line\nend',
	'naïve',
	'🙂🙃',
	'日本語',
	'a < b',
	'{"json":1}',
	'data: x',
	'\u2028',
];

/** The run that a seed stands for. */
export function planRun(seed: number): Plan {
	const dice = openDice(seed);
	const operation = dice.weighted<Operation>([
		[4, 'message'],
		[1.5, 'data'],
		[1, 'summarize'],
		[3, 'analyze'],
		[1, 'analyzeAssets'],
	]);
	const apiKey = `nvapi-chaos-${seed}-${dice.int(1e8, 1e9)}`;
	const items = dice.times(dice.int(1, 12), (index) => planItem(dice, seed, index, operation));
	const cancel = dice.chance(0.12) && {
		requests: dice.int(1, items.length),
		afterMs: dice.pick([0, 0, dice.int(1, 60)]),
	};
	const options = planOptions(dice, operation);
	const endless = Boolean(cancel) || ('timeout' in options && 'idleTimeout' in options);
	const bounds = { endless, stream: options.stream, apiKey };
	return {
		seed,
		apiKey,
		operation,
		onError: dice.pick(['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput']),
		items,
		modelId: dice.chance(0.06) ? dice.pick(GONE) : dice.pick(MODELS),
		options,
		simplify: dice.chance(0.8),
		sandbox: planSandbox(dice, operation),
		faults: planFaults(dice, bounds, items.length, operation),
		...(cancel && { cancel }),
	};
}

function planItem(dice: Dice, seed: number, index: number, operation: Operation): PlannedItem {
	const id = `run ${seed} item ${index}: ${dice.int(1e5, 1e6)}.`;
	const filling = dice.times(dice.int(0, 20), () => dice.pick(FILLING)).join(' ');
	const pictures = showsPictures(operation)
		? dice.times(dice.int(1, 3), () => dice.int(0, PICTURE_COUNT - 1))
		: [];
	return { id, text: `${id} ${filling}`, pictures };
}

function planOptions(dice: Dice, operation: Operation): Plan['options'] {
	const limits = dice.chance(0.15);
	return {
		concurrency: dice.weighted([
			[3, 1],
			[6, dice.int(2, 16)],
		]),
		maxRetries: dice.int(0, 4),
		stream: dice.chance(0.7),
		...(dice.chance(0.1) && { requestsPerMinute: dice.int(3000, 60_000) }),
		...(dice.chance(0.15) && { maxTokens: dice.int(1, 60) }),
		...(dice.chance(0.3) && {
			fallbackModel: dice.pick(dice.chance(0.8) ? MODELS : GONE),
		}),
		...(limits && { timeout: dice.int(3, 20) / 10, idleTimeout: dice.int(2, 8) / 10 }),
		...(!limits && dice.chance(0.05) && { idleTimeout: dice.int(2, 8) / 10 }),
		...(showsPictures(operation) && {
			imageTransfer: dice.weighted([
				[4, 'auto'],
				[4, 'asset'],
				[1, 'inline'],
			]),
			imageDetail: dice.pick(['auto', 'original']),
		}),
	};
}

function planSandbox(dice: Dice, operation: Operation): Partial<SandboxSettings> {
	return {
		...(dice.chance(0.08) && { extras: { stream_options: dice.pick([400, 422] as const) } }),
		...(showsPictures(operation) && dice.chance(0.35) && { inlineLimit: 100 }),
		...(showsPictures(operation) && dice.chance(0.1) && { ignoresAssets: true }),
		...(dice.chance(0.1) && { firstTokenMs: dice.int(1, 50) }),
	};
}

function planFaults(
	dice: Dice,
	bounds: Bounds,
	items: number,
	operation: Operation,
): PlannedFault[] {
	const count = dice.weighted([
		[1, 0],
		[5, dice.int(1, 3)],
		[4, dice.int(4, 12)],
	]);
	const most = Math.max(1, Math.ceil(items * 1.5));
	const one = (): PlannedFault[] =>
		dice.weighted<() => PlannedFault[]>([
			[10, () => [chatFault(dice, bounds, most)]],
			[1, () => pending(dice, bounds, most)],
			[showsPictures(operation) ? 8 : 0, () => [assetFault(dice, bounds)]],
			[0.5, () => [modelsFault(dice, bounds)]],
		])();
	return dice.times(count, one).flat();
}
