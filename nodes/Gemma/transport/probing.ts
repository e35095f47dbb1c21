/** Milliseconds until the first try after a refusal that named no time. */
const FIRST_WAIT_MS = 600;
const LONGEST_WAIT_MS = 30_000;
const SHORTEST_WAIT_MS = 100;
/** How much longer each next wait is. */
const GROWTH = 1.3;
/** Fewer requests than this between two refusals: the tries come too soon to be worth their refusals. */
const FEW = 12;

/**
 * When to ask again after a 429. Two kinds of limit behave differently: a window
 * refuses everything until it ends, so the time from one opening to the next is worth knowing; a
 * bucket fills slowly, so asking too early gets a handful of requests through for each refusal,
 * and a longer wait loses nothing, also where the server names the time to its next token.
 */
export class Probing {
	/** Between a refusal and the next success. */
	isProbe = false;

	private wait = FIRST_WAIT_MS;
	private openedAt = performance.now();
	private admitted = 0;
	private failedProbes = 0;
	private hasReopened = false;
	private lastFailedAt: number | undefined;
	/** Time from one opening to the next: longer than `low`, at most `high`. */
	private period: { low: number; high: number } | undefined;

	constructor(private readonly random: () => number) {}

	/** @returns whether this success ends a closure. */
	succeeded(startedAt: number): boolean {
		this.admitted++;
		if (!this.isProbe) return false;
		if (this.lastFailedAt !== undefined) {
			this.period = { low: this.lastFailedAt - this.openedAt, high: startedAt - this.openedAt };
		}
		this.isProbe = false;
		this.hasReopened = true;
		this.failedProbes = 0;
		this.lastFailedAt = undefined;
		this.openedAt = startedAt;
		this.admitted = 1;
		return true;
	}

	/** @returns milliseconds to stay closed, never under 100. */
	refused(now: number, retryAfterMs: number | undefined): number {
		const isTooSoon = !this.isProbe && this.admitted < FEW;
		if (this.isProbe) {
			this.failedProbes++;
			this.lastFailedAt = now;
		} else if (isTooSoon) {
			this.wait = Math.min(this.wait * GROWTH, LONGEST_WAIT_MS);
		}
		this.isProbe = true;
		if (retryAfterMs === undefined) return Math.max(SHORTEST_WAIT_MS, this.nextWait(now));
		const least = isTooSoon && this.hasReopened ? this.wait : SHORTEST_WAIT_MS;
		return Math.max(least, retryAfterMs);
	}

	private nextWait(now: number): number {
		const period = this.admitted >= FEW ? this.period : undefined;
		const untilLow = period ? this.openedAt + period.low - now : 0;
		if (untilLow > 0) return untilLow;
		const step = period ? (period.high - period.low) / 3 : this.wait * GROWTH ** this.failedProbes;
		// Between three quarters and five quarters: workers of one account must not ask in step.
		return Math.min(step, LONGEST_WAIT_MS) * (0.75 + this.random() / 2);
	}
}
