import { once } from 'node:events';

import { asCaught, Caught, isItemsOwnEnd } from '../failure';
import type { TimeLimit } from '../transport/timeLimit';

/** What several items of a run need and only one of them gets: each thing once, by its key. */
export class Shared<Result> {
	private readonly byKey = new Map<string, Promise<Result>>();

	/**
	 * @param get is called when nobody has got it or is getting it.
	 * @throws what `get` throws, for all who wait for it; the next to ask tries anew.
	 */
	async of(key: string, limit: TimeLimit, get: () => Promise<Result>): Promise<Result> {
		for (let known; (known = this.byKey.get(key)); ) {
			const outcome = await whileInTime(known, limit).catch(asCaught);
			if (!(outcome instanceof Caught)) return outcome;
			limit.signal.throwIfAborted();
			// The other item ran out of its own time, or was stopped: that says nothing of the thing.
			if (!isItemsOwnEnd(outcome.error)) throw outcome.error;
		}
		const getting = get();
		this.byKey.set(key, getting);
		getting.catch(() => this.byKey.delete(key));
		return await getting;
	}

	/** All that was got; from now on there is none of it. */
	async takeAll(): Promise<Result[]> {
		const all = await Promise.all(this.byKey.values());
		this.byKey.clear();
		return all;
	}
}

/** Waits for another item's work, and no longer than this item may. */
async function whileInTime<Result>(work: Promise<Result>, { signal }: TimeLimit): Promise<Result> {
	signal.throwIfAborted();
	const aborted = new AbortController();
	const late = once(signal, 'abort', { signal: aborted.signal }).then(() =>
		Promise.reject(signal.reason as Error),
	);
	try {
		return await Promise.race([work, late]);
	} finally {
		late.catch(() => {});
		aborted.abort();
	}
}
