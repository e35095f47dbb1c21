import type { IExecuteFunctions } from 'n8n-workflow';

import { inputFailure } from '../failure';

/** The model that the item asks. @throws Failure of kind `input` when there is none. */
export function modelId(context: IExecuteFunctions, itemIndex: number): string {
	const value: unknown = context.getNodeParameter('modelId', itemIndex, '', { extractValue: true });
	const model = typeof value === 'object' ? '' : String(value ?? '').trim();
	if (model !== '') return model;
	throw inputFailure(
		'Model',
		'Model is empty',
		'Pick a model from the list, or enter its ID, for example google/gemma-3-27b-it.',
	);
}
