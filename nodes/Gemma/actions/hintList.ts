import type { NodeExecutionHint } from 'n8n-workflow';

import type { Redactor } from '../transport/redact';

/** At most this many items are named in a hint. */
const MOST_NAMED = 10;

/** The hints of a run: what several items have in common is said once, with their indexes. */
export class Hints {
	redactor: Redactor | undefined;

	private readonly items = new Map<string, number[]>();

	add(message: string, itemIndex?: number): void {
		const indexes = this.items.get(message) ?? [];
		if (itemIndex !== undefined) indexes.push(itemIndex);
		this.items.set(message, indexes);
	}

	/** @param total number of items of the run; a lone item needs no naming. */
	list(total: number): NodeExecutionHint[] {
		return [...this.items].map(([message, indexes]) => ({
			message: `${total > 1 ? named(indexes) : ''}${this.redactor?.text(message) ?? message}`,
			type: 'warning',
			location: 'outputPane',
		}));
	}
}

function named(indexes: number[]): string {
	if (indexes.length === 0) return '';
	const shown = indexes.slice(0, MOST_NAMED).join(', ');
	const more = indexes.length > MOST_NAMED ? ` and ${indexes.length - MOST_NAMED} more` : '';
	return `${indexes.length === 1 ? 'Item' : 'Items'} ${shown}${more}: `;
}
