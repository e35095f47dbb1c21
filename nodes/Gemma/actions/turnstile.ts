import type { TimeLimit } from '../transport/timeLimit';

/**
 * Lets a few through at a time: first whoever is there again, each first come first served. The wait
 * is not the item's own, so its clock stands still.
 */
export class Turnstile {
	private readonly arrived: Array<() => void> = [];
	private readonly returned: Array<() => void> = [];

	constructor(private free: number) {}

	/** @throws the limit's own reason when its time is over or the run was stopped by then. */
	async pass<Result>(limit: TimeLimit, work: () => Promise<Result>): Promise<Result> {
		return await this.through(this.arrived, limit, work);
	}

	/** For the rest of what has passed before: sooner done than what has not been begun. */
	async passAgain<Result>(limit: TimeLimit, work: () => Promise<Result>): Promise<Result> {
		return await this.through(this.returned, limit, work);
	}

	private async through<Result>(
		queue: Array<() => void>,
		limit: TimeLimit,
		work: () => Promise<Result>,
	): Promise<Result> {
		if (this.free > 0) this.free--;
		else await limit.outsideOf(new Promise<void>((resolve) => queue.push(resolve)));
		try {
			limit.signal.throwIfAborted();
			return await work();
		} finally {
			const next = this.returned.shift() ?? this.arrived.shift();
			if (next) next();
			else this.free++;
		}
	}
}
