/** The longest time setTimeout can hold; anything above fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Waits `ms` milliseconds, or until the signal aborts; never rejects. `Infinity` waits for the
 * signal alone.
 */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted || ms <= 0) return resolve();
		const done = () => {
			clearTimeout(timer);
			signal.removeEventListener('abort', done);
			resolve();
		};
		const timer = ms > LONGEST_TIMER_MS ? undefined : setTimeout(done, ms);
		signal.addEventListener('abort', done);
	});
}
