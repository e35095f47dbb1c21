import { setTimeout } from 'node:timers/promises';

/** Looks every few milliseconds. @throws Error when it does not come true in time */
export async function until(what: string, isTrue: () => boolean, withinMs = 2000): Promise<void> {
	const end = Date.now() + withinMs;
	while (!isTrue()) {
		if (Date.now() > end) throw new Error(`Not within ${withinMs} ms: ${what}`);
		await setTimeout(5);
	}
}
