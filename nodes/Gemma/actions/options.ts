import type { IExecuteFunctions } from 'n8n-workflow';

import { parseHistory } from '../conversation/history';
import type { Turn } from '../conversation/turn';
import { optionDefault } from '../fields/options';
import { MOST_CROPS, mostCropsUnlessSet } from '../fields/options/pictures';
import { inputFailure } from '../failure';
import type { ImageDetail } from '../images/picture';
import type { ImageTransfer } from '../images/road';
import { textOf } from '../json';
import {
	booleanValue,
	choiceValue,
	numberValue,
	objectValue,
	optionalNumber,
	stopValue,
} from './values';

/** The options of an item, checked. */
export interface Options {
	/** Fields of the request, in the API's words; those that are not set are left out. */
	sampling: { max_tokens: number; temperature: number; top_p: number; [field: string]: unknown };
	stream: boolean;
	/** Show the reply in n8n's chat while it is written, where a trigger asks for that. */
	streamToChat: boolean;
	systemPlacement: 'auto' | 'system' | 'user';
	history: Turn[];
	/** Tokens that a request may take, prompt and reply together; 0 for what the model has. */
	contextTokens: number;
	imageDetail: ImageDetail;
	/** Crops of one picture at most. */
	maxCrops: number;
	imageTransfer: ImageTransfer;
	/** Asked when the model is gone; '' for none. */
	fallbackModel: string;
	maxRetries: number;
	timeoutSeconds: number;
	idleSeconds: number;
	additionalBody: Record<string, unknown>;
	/** Keep the item's own JSON and binary data beside the reply. */
	includeInputFields: boolean;
	/** The one field that holds the reply; '' for the top. */
	outputField: string;
}

const PENALTY = { min: -2, max: 2 };
const IMAGE_DETAILS = ['auto', 'detailed', 'page', 'original'] as const;

/** @throws Failure of kind `input` naming the option that holds a value that cannot work. */
export function readOptions(context: IExecuteFunctions, itemIndex: number): Options {
	const given = context.getNodeParameter('options', itemIndex, {}) as Record<string, unknown>;
	const orDefault = (name: string) => given[name] ?? optionDefault(name);
	const stop = stopValue(given.stop);
	const imageDetail = choiceValue('Image Detail', orDefault('imageDetail'), IMAGE_DETAILS);
	return {
		sampling: {
			max_tokens: numberValue('Maximum Number of Tokens', orDefault('maxTokens'), {
				min: 1,
				integer: true,
			}),
			temperature: numberValue('Output Randomness (Temperature)', orDefault('temperature'), {
				min: 0,
				max: 2,
			}),
			top_p: numberValue('Output Randomness (Top P)', orDefault('topP'), {
				above: 0,
				max: 1,
			}),
			...whenSet({
				stop: stop.length > 0 ? stop : undefined,
				seed: optionalNumber('Seed', given.seed, { integer: true }),
				frequency_penalty: optionalNumber('Frequency Penalty', given.frequencyPenalty, PENALTY),
				presence_penalty: optionalNumber('Presence Penalty', given.presencePenalty, PENALTY),
				top_k: optionalNumber('Top K', given.topK, { integer: true }),
			}),
		},
		stream: booleanValue('Stream', orDefault('stream')),
		streamToChat: booleanValue('Stream to Chat', orDefault('enableStreaming')),
		systemPlacement: choiceValue('System Placement', orDefault('systemPlacement'), [
			'auto',
			'system',
			'user',
		]),
		history: parseHistory(given.history),
		contextTokens: numberValue('Context Size (Tokens)', orDefault('contextTokens'), {
			min: 0,
			integer: true,
		}),
		imageDetail,
		maxCrops: numberValue('Max Crops', given.maxCrops ?? mostCropsUnlessSet(imageDetail), {
			min: 1,
			max: MOST_CROPS,
			integer: true,
		}),
		imageTransfer: choiceValue('Image Transfer', orDefault('imageTransfer'), [
			'auto',
			'inline',
			'asset',
		]),
		fallbackModel: textOf(given.fallbackModel).trim(),
		maxRetries: numberValue('Max Retries', orDefault('maxRetries'), { min: 0, integer: true }),
		timeoutSeconds: numberValue('Timeout', orDefault('timeout'), { above: 0 }),
		idleSeconds: numberValue('Idle Timeout', orDefault('idleTimeout'), {
			above: 0,
		}),
		additionalBody: objectValue('Additional Body', given.additionalBody, '{"top_k": 40}'),
		includeInputFields: booleanValue('Include Input Fields', orDefault('includeInputFields')),
		outputField: outputFieldValue(given.outputField),
	};
}

function outputFieldValue(value: unknown): string {
	const name = textOf(value).trim();
	if (name !== 'error') return name;
	throw inputFailure(
		'Output Field',
		'Output Field holds "error", and n8n takes an item with a field of that name for a failed one',
		'Choose another name, for example gemma.',
	);
}

/** What concerns the whole run; read from the first item. */
export interface RunOptions {
	concurrency: number;
	/** 0: no pacing. */
	requestsPerMinute: number;
}

/** @throws Failure of kind `input` naming the option that holds a value that cannot work. */
export function readRunOptions(context: IExecuteFunctions): RunOptions {
	const concurrency = ofFirstItem(context, 'concurrency');
	const requestsPerMinute = ofFirstItem(context, 'requestsPerMinute');
	return {
		concurrency: numberValue('Concurrency', concurrency, { min: 1, integer: true }),
		requestsPerMinute: numberValue('Requests per Minute', requestsPerMinute, { min: 0 }),
	};
}

/** An expression that fails on the first item is that item's trouble, not the run's. */
function ofFirstItem(context: IExecuteFunctions, name: string): unknown {
	try {
		return (
			context.getNodeParameter(`options.${name}`, 0, optionDefault(name) as number) ??
			optionDefault(name)
		);
	} catch {
		return optionDefault(name);
	}
}

const whenSet = (fields: Record<string, unknown>) =>
	Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
