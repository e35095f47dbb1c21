import type { IExecuteFunctions, INodeExecutionData, IPairedItemData } from 'n8n-workflow';

import { asCaught, Caught } from '../failure';
import type { Session } from './session';

/** One piece of a run's work. */
export interface Work {
	context: IExecuteFunctions;
	session: Session;
	/** Indexes of the input items that it is about: one, or all of them. Never empty. */
	items: number[];
	/** The first of them: parameters are read from it. */
	itemIndex: number;
}

/** What a user can pick as an operation. */
export interface Operation {
	/** Whether all items of the run make one piece of work; as the first item says. @throws Failure. */
	takesAll?(context: IExecuteFunctions): boolean;
	/** @throws Failure. */
	perform(work: Work): Promise<INodeExecutionData[]>;
}

/** One item of several in a piece of work failed, and the others need not be blamed. */
export class ItemFailed extends Error {
	constructor(
		readonly item: number,
		override readonly cause: unknown,
	) {
		super(`Item ${item} failed`);
	}
}

/** Does an item's part of the work. @throws what it throws; ItemFailed where the items are several. */
export async function forItem<Result>(
	items: number[],
	item: number,
	part: () => Promise<Result>,
): Promise<Result> {
	const outcome = await part().catch(asCaught);
	if (!(outcome instanceof Caught)) return outcome;
	throw items.length > 1 ? new ItemFailed(item, outcome.error) : outcome.error;
}

/** Tells n8n which input items an output item comes from. */
export const pairedWith = (items: number[]): IPairedItemData | IPairedItemData[] =>
	items.length === 1 ? { item: items[0] } : items.map((item) => ({ item }));
