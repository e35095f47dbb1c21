import { setTimeout as sleep } from 'node:timers/promises';

const TICK_MS = 5;

/** Watches the event loop; the returned function stops the watch and tells its longest stall, in ms. */
export function watchStalls(): () => Promise<number> {
	let longest = 0;
	let last = performance.now();
	const tick = () => {
		const now = performance.now();
		longest = Math.max(longest, now - last - TICK_MS);
		last = now;
	};
	const ticker = setInterval(tick, TICK_MS);
	return async () => {
		// A stall that lasts to the end of the work shows with the next tick only.
		await sleep(TICK_MS * 4);
		clearInterval(ticker);
		return longest;
	};
}
