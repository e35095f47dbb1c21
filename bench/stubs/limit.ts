import type { LimitOptions } from './types';

/** Counts requests against a limit. Time is in milliseconds of any clock that only goes forward. */
export class Limit {
	/** When the window began, or the bucket was looked at last. */
	private since: number | undefined;
	private used = 0;

	constructor(private readonly options: LimitOptions) {}

	/** @returns nothing when the request may pass, else milliseconds until one may. */
	take(now: number): number | undefined {
		this.since ??= now;
		return this.options.kind === 'window'
			? this.takeFromWindow(now, this.since)
			: this.takeFromBucket(now, this.since);
	}

	reset(): void {
		this.since = undefined;
		this.used = 0;
	}

	private takeFromWindow(now: number, since: number): number | undefined {
		const { requests, perMs } = this.options;
		if (now - since >= perMs) {
			this.since = now - ((now - since) % perMs);
			this.used = 0;
		}
		if (this.used < requests) {
			this.used++;
			return undefined;
		}
		return (this.since ?? now) + perMs - now;
	}

	/** `used` leaks away evenly, which is the same as a bucket that fills. */
	private takeFromBucket(now: number, lastAt: number): number | undefined {
		const { requests, perMs } = this.options;
		const perRequestMs = perMs / requests;
		this.used = Math.max(0, this.used - (now - lastAt) / perRequestMs);
		this.since = now;
		if (this.used <= requests - 1) {
			this.used++;
			return undefined;
		}
		return (this.used - (requests - 1)) * perRequestMs;
	}
}
