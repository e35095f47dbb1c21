import type { IExecuteFunctions } from 'n8n-workflow';

import { answer, type Asking } from './answer';
import * as image from './image';
import * as text from './text';
import { choiceValue } from './values';
import type { Operation } from './work';

const asking = (about: Asking): Operation => ({
	perform: async (work) => [await answer(work, about)],
});

const OPERATIONS: Record<string, Record<string, Operation>> = {
	asset: {
		upload: { perform: async (work) => await (await import('./asset/upload.js')).upload(work) },
		getAll: { perform: async (work) => await (await import('./asset/getAll.js')).getAll(work) },
		delete: { perform: async (work) => await (await import('./asset/remove.js')).remove(work) },
	},
	image: { analyze: { ...asking(image.analyze), takesAll: image.analyze.takesAll } },
	text: {
		message: asking(text.message),
		summarize: {
			takesAll: text.summarize.takesAll,
			perform: async (work) => {
				const { summarize } = await import('./summarize.js');
				return await summarize(work);
			},
		},
	},
};

/** @throws Failure of kind `input` when the item names none that exists. */
export function operationOf(context: IExecuteFunctions, itemIndex: number): Operation {
	const operations = choice(context, itemIndex, 'Resource', 'resource', OPERATIONS);
	const operation = choice(context, itemIndex, 'Operation', 'operation', operations);
	// A scope that could not be read for all items together is told for each of them.
	operation.takesAll?.(context);
	return operation;
}

/** The items that each piece of the run's work is about. */
export function piecesOfWork(context: IExecuteFunctions): number[][] {
	const items = context.getInputData().map((_, index) => index);
	return items.length > 0 && takesAll(context) ? [items] : items.map((index) => [index]);
}

/** What cannot be read fails again, in the work for an item, and is told there. */
function takesAll(context: IExecuteFunctions): boolean {
	try {
		return operationOf(context, 0).takesAll?.(context) ?? false;
	} catch {
		return false;
	}
}

function choice<Entry>(
	context: IExecuteFunctions,
	itemIndex: number,
	field: string,
	name: string,
	entries: Record<string, Entry>,
): Entry {
	const value: unknown = context.getNodeParameter(name, itemIndex);
	return entries[choiceValue(field, value, Object.keys(entries))];
}
