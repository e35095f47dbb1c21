import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Options } from './options';

/** The item that goes on: the reply, under one field or beside the item's own data if so wished. */
export function outputItem(
	context: IExecuteFunctions,
	itemIndex: number,
	reply: IDataObject,
	{ includeInputFields, outputField }: Pick<Options, 'includeInputFields' | 'outputField'>,
): INodeExecutionData {
	const json = outputField ? { [outputField]: reply } : reply;
	const pairedItem = { item: itemIndex };
	if (!includeInputFields) return { json, pairedItem };
	const { json: own, binary } = context.getInputData()[itemIndex];
	const kept = { ...own };
	// n8n reads an `error` key as a failed item, also one that an earlier node left there.
	delete kept.error;
	return { json: { ...kept, ...json }, pairedItem, ...(binary && { binary }) };
}
