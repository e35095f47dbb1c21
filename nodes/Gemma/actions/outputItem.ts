import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Options } from './options';
import { pairedWith, type Work } from './work';

/** The item that goes on: the reply, under one field or beside its item's own data if so wished. */
export function outputItem(
	{ context, items }: Pick<Work, 'context' | 'items'>,
	reply: IDataObject,
	{ includeInputFields, outputField }: Pick<Options, 'includeInputFields' | 'outputField'>,
): INodeExecutionData {
	const json = outputField ? { [outputField]: reply } : reply;
	const pairedItem = pairedWith(items);
	// Of several items there is none whose fields could be kept.
	if (!includeInputFields || items.length > 1) return { json, pairedItem };
	const { json: own, binary } = context.getInputData()[items[0]];
	const kept = { ...own };
	// n8n reads an `error` key as a failed item, also one that an earlier node left there.
	delete kept.error;
	return { json: { ...kept, ...json }, pairedItem, ...(binary && { binary }) };
}
