import type { Failure } from '../failure';
import { closedFor, refusedFor } from './limitFailures';
import { Probing } from './probing';

/** A wait longer than this is not waited for; the server's word is passed on instead. */
export const LONGEST_WAIT_MS = 120_000;

/** One request that was let through. */
export interface Ticket {
	startedAt: number;
}

interface Waiting {
	admit(ticket: Ticket): void;
	refuse(failure: Failure): void;
}

/**
 * The one gate that all requests of a run pass. It spaces their starts evenly when a rate is set.
 * When the server refuses with 429 it closes for the whole run, then lets half as many in as were
 * in flight, and one more with each success, until the server refuses again.
 */
export class Gate {
	private readonly waiting: Waiting[] = [];
	private readonly spacingMs: number;
	private readonly probing: Probing;
	private inFlight = 0;
	private mostInFlight = 1;
	/** Requests that may be in flight at once; no bound until the first refusal. */
	private window = Infinity;
	/** What the window becomes with the first success after a closure. */
	private resumeAt = Infinity;
	private closedAt = -Infinity;
	/** When the first of the refusals came that nobody has got past since. */
	private refusingSince: number | undefined;
	/** Nobody is let in any more, until a request that is still in flight succeeds. */
	private exhausted = false;
	private closedUntil = -Infinity;
	private lastStartAt = -Infinity;
	private nextStartAt = -Infinity;
	/** Between two starts: the set rate's, and after a refusal enough to keep requests apart. */
	private gapMs: number;
	private meanDurationMs = 0;
	private timer: NodeJS.Timeout | undefined;

	/**
	 * @param requestsPerMinute 0 for no pacing.
	 * @param mostAtOnce requests that may ever be in flight at once.
	 */
	constructor(
		requestsPerMinute: number,
		random: () => number = Math.random,
		private readonly mostAtOnce = Infinity,
	) {
		this.spacingMs = requestsPerMinute > 0 ? 60_000 / requestsPerMinute : 0;
		this.gapMs = this.spacingMs;
		this.probing = new Probing(random);
	}

	/**
	 * Waits for its turn, first come first served.
	 *
	 * @throws the signal's reason, or a Failure when the server wants to be left alone for longer
	 * than two minutes, or has refused everything for as long and longer than an item may try.
	 */
	async enter(signal: AbortSignal): Promise<Ticket> {
		signal.throwIfAborted();
		if (this.closedUntil - performance.now() > LONGEST_WAIT_MS) throw this.closedForLong();
		if (this.exhausted) throw this.refusedForLong();
		return await new Promise<Ticket>((resolve, reject) => {
			const leaveLine = () => {
				signal.removeEventListener('abort', onAbort);
				const place = this.waiting.indexOf(waiting);
				if (place >= 0) this.waiting.splice(place, 1);
			};
			const onAbort = () => {
				leaveLine();
				reject(signal.reason as Error);
				// Nobody may be left to open for, and a timer would outlive the run.
				this.admit();
			};
			const waiting: Waiting = {
				admit: (ticket) => {
					leaveLine();
					resolve(ticket);
				},
				refuse: (failure) => {
					leaveLine();
					reject(failure);
				},
			};
			signal.addEventListener('abort', onAbort, { once: true });
			this.waiting.push(waiting);
			this.admit();
		});
	}

	/** The request was answered, or failed for a reason that is not the account's limit. */
	leave(ticket: Ticket, succeeded: boolean): void {
		this.inFlight--;
		if (succeeded) this.noteDuration(performance.now() - ticket.startedAt);
		if (succeeded && ticket.startedAt >= this.closedAt) {
			this.refusingSince = undefined;
			this.exhausted = false;
			const reopens = this.probing.succeeded(ticket.startedAt);
			this.window = reopens ? Math.max(this.window, this.resumeAt) : this.window + 1;
		}
		this.admit();
	}

	/** The server refused with 429; `retryAfterMs` when it said for how long. */
	refused(ticket: Ticket, retryAfterMs: number | undefined): void {
		const now = performance.now();
		this.refusingSince ??= now;
		const busy = this.inFlight--;
		// Requests of the same burst are refused one after the other: that is one refusal.
		if (ticket.startedAt >= this.closedAt) {
			const half = Math.floor(Math.min(this.window, busy) / 2);
			this.window = Math.max(1, half);
			if (!this.probing.isProbe) this.resumeAt = Math.max(2, half);
			// Requests that were started together would be refused together at the next limit.
			const apart = this.mostInFlight > 1 ? this.meanDurationMs / this.mostInFlight : 0;
			this.gapMs = Math.max(this.spacingMs, apart);
			// One that was refused takes no place in the spreading: the next need not wait for it.
			this.nextStartAt = Math.min(this.nextStartAt, this.lastStartAt + this.spacingMs);
			this.closedAt = now;
			const waitMs = this.probing.refused(now, retryAfterMs);
			this.closedUntil = Math.max(this.closedUntil, now + waitMs);
		} else if (retryAfterMs !== undefined) {
			this.closedUntil = Math.max(this.closedUntil, now + retryAfterMs);
		}
		if (this.closedUntil - now > LONGEST_WAIT_MS) this.refuseAll(() => this.closedForLong());
		this.admit();
	}

	/**
	 * An item has spent its tries, or its time, on 429s. Where nobody has got through for longer than
	 * a wait may be, the account's limit is used up, and the others need not find that out one by one.
	 */
	givenUp(): void {
		const refusingMs = performance.now() - (this.refusingSince ?? Infinity);
		if (refusingMs <= LONGEST_WAIT_MS) return;
		this.exhausted = true;
		this.refuseAll(() => this.refusedForLong());
		this.admit();
	}

	private refuseAll(failure: () => Failure): void {
		for (const waiting of [...this.waiting]) waiting.refuse(failure());
	}

	private admit(): void {
		clearTimeout(this.timer);
		while (this.waiting.length > 0 && this.inFlight < Math.min(this.window, this.mostAtOnce)) {
			const now = performance.now();
			const opensIn = Math.max(this.closedUntil, this.nextStartAt) - now;
			if (opensIn > 0) {
				this.timer = setTimeout(() => this.admit(), Math.ceil(opensIn));
				return;
			}
			this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
			this.lastStartAt = Math.max(now, this.nextStartAt);
			this.nextStartAt = this.lastStartAt + this.gapMs;
			this.waiting[0].admit({ startedAt: now });
		}
	}

	private noteDuration(milliseconds: number): void {
		const share = this.meanDurationMs === 0 ? 1 : 0.2;
		this.meanDurationMs += (milliseconds - this.meanDurationMs) * share;
	}

	private closedForLong(): Failure {
		return closedFor(this.closedUntil - performance.now());
	}

	private refusedForLong(): Failure {
		return refusedFor(performance.now() - (this.refusingSince ?? 0));
	}
}
