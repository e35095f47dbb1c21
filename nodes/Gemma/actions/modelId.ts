import type { IExecuteFunctions } from 'n8n-workflow';

import { inputFailure, shown } from '../failure';

/** The model that the item asks. @throws Failure of kind `input` when there is none. */
export function modelId(context: IExecuteFunctions, itemIndex: number): string {
	const value: unknown = context.getNodeParameter('modelId', itemIndex, '', { extractValue: true });
	const isObject = typeof value === 'object' && value !== null;
	const model = isObject ? '' : String(value ?? '').trim();
	if (model !== '') return model;
	throw inputFailure(
		'Model',
		isObject ? `Model holds ${shown(value)}, not the ID of a model` : 'Model is empty',
		'Pick a model from the list, or enter its ID, for example google/gemma-3-27b-it.',
	);
}
