import { shown } from '../failure';

/** Why a piece of a reply is no JSON to rely on, and where that shows. */
export class Trouble extends Error {
	constructor(
		/** Index into the text that was read. */
		readonly at: number,
		/** A clause such as `a comma is missing`. */
		readonly why: string,
		/** Whether the text ended before its brackets were closed. */
		readonly unfinished = false,
	) {
		super(why);
	}
}

/** The trouble that was caught; anything else is thrown again. */
export function asTrouble(error: unknown): Trouble {
	if (error instanceof Trouble) return error;
	throw error;
}

/** A place as a person and a model find it: `line 2, column 5, near "…"`; both count from 1. */
export function place(text: string, at: number): string {
	const before = text.slice(0, at).split('\n');
	const column = (before.at(-1)?.length ?? 0) + 1;
	const excerpt = shown(text.slice(at, at + 24), 24);
	const near = excerpt === '' ? 'at the end' : `near ${excerpt}`;
	return `line ${before.length}, column ${column}, ${near}`;
}
