import { Failure, refusalCause } from '../failure';
import { contextOf } from '../gemma';
import { contextLimitIn } from '../transport/contextLimit';

/** Nothing of use fits into less. */
const LEAST_CONTEXT = 256;

/** How many tokens the models hold, as a run has learned from its server's refusals. */
export class ContextLessons {
	private readonly learned = new Map<string, number>();

	/** @param given what the user set; 0 for what the model has. */
	of(model: string, given: number): number {
		return Math.min(given || contextOf(model), this.learned.get(model) ?? Infinity);
	}

	/**
	 * Reads a refusal: the limit it names, or else half of what was tried.
	 *
	 * @param tried the context that the refused request was made for.
	 * @returns whether the next request will be made for a smaller one.
	 */
	learn(error: unknown, model: string, tried: number): boolean {
		if (refusalCause(error) !== 'context') return false;
		const known = this.learned.get(model) ?? Infinity;
		// A request beside this one was refused before it.
		if (known < tried) return true;
		const said = contextLimitIn((error as Failure).message);
		const next = said !== undefined && said < tried ? said : Math.floor(tried / 2);
		if (next < LEAST_CONTEXT) return false;
		this.learned.set(model, next);
		return true;
	}
}
