import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { Failure } from '../failure';

/** The limits of one item, and how far its reply has come. */
export interface TimeLimit {
	/** Aborts when the time is over or the execution was stopped; its reason is the Failure. */
	signal: AbortSignal;
	/** Seconds of silence allowed once a reply has begun. */
	idleSeconds: number;
	/** What has happened so far, as the end of a sentence; shown when a limit runs out. */
	progress: string;
	/** Milliseconds left. */
	left(): number;
	/** Stops the clock while this lasts, a wait that is not the item's own, and nothing else is in work. */
	outsideOf<Result>(wait: Promise<Result>): Promise<Result>;
	/** One of several requests that an item has in work at once: the clock runs while any does not wait. */
	alongside<Result>(work: () => Promise<Result>): Promise<Result>;
	/** Ends the timer; to be called whatever happened. */
	end(): void;
}

/** How long setTimeout can wait: longer delays would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Starts the clock of one item; `cancel` is n8n's signal for a stopped execution. */
export function startTimeLimit(
	limits: { timeoutSeconds: number; idleSeconds: number },
	cancel?: AbortSignal,
): TimeLimit {
	const controller = new AbortController();
	// The requests of an item that are in work at once all listen.
	setMaxListeners(0, controller.signal);
	let left = limits.timeoutSeconds * 1000;
	let startedAt = performance.now();
	let timer: NodeJS.Timeout | undefined;
	let running = false;
	let ended = false;
	let inWork = 0;
	let waiting = 0;
	const onCancel = () => controller.abort(cancelled());
	const onTimeout = () => controller.abort(timeoutFailure(limits.timeoutSeconds, limit.progress));
	const start = () => {
		if (ended) return;
		running = true;
		startedAt = performance.now();
		timer = setTimeout(onTimeout, Math.min(left, LONGEST_TIMER_MS));
	};
	const stop = () => {
		clearTimeout(timer);
		left = limit.left();
		running = false;
	};
	const settle = () => {
		const standsStill = waiting > 0 && waiting >= inWork;
		if (standsStill && running) stop();
		else if (!standsStill && !running) start();
	};
	const limit: TimeLimit = {
		signal: controller.signal,
		idleSeconds: limits.idleSeconds,
		progress: 'the server had not begun to reply',
		left: () => Math.max(0, left - (running ? performance.now() - startedAt : 0)),
		outsideOf: async (wait) => {
			waiting++;
			settle();
			return await wait.finally(() => {
				waiting--;
				settle();
			});
		},
		alongside: async (work) => {
			inWork++;
			settle();
			return await work().finally(() => {
				inWork--;
				settle();
			});
		},
		end: () => {
			ended = true;
			clearTimeout(timer);
			cancel?.removeEventListener('abort', onCancel);
		},
	};
	start();
	if (cancel?.aborted) onCancel();
	else cancel?.addEventListener('abort', onCancel, { once: true });
	return limit;
}

/** n8n files a stopped execution under errors unless the message says `canceled`. */
export const cancelled = () => new Failure({ kind: 'cancelled' }, 'The execution was canceled', '');

const timeoutFailure = (seconds: number, progress: string) =>
	new Failure(
		{ kind: 'timeLimit', limit: 'timeout', seconds },
		`Not finished within ${seconds} seconds (option Timeout); ${progress}`,
		'Raise Timeout under Options, ask for fewer tokens, or use a smaller model.',
		{ transient: true },
	);

/** The failure of a reply that began and then fell silent. */
export const idleFailure = (seconds: number, progress: string) =>
	new Failure(
		{ kind: 'timeLimit', limit: 'idleTimeout', seconds },
		`The server sent nothing for ${seconds} seconds in the middle of its reply (option Idle Timeout); ${progress}`,
		'Try again; if the server is only slow, raise Idle Timeout under Options.',
		{ transient: true },
	);

/** Waits so many milliseconds. @throws the limit's own reason, which says more than a timer's. */
export async function pause(milliseconds: number, { signal }: TimeLimit): Promise<void> {
	await sleep(milliseconds, undefined, { signal }).catch(() => signal.throwIfAborted());
}
