import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Looks again and again until there is something to see.
 *
 * @returns the first value of `look` that is neither undefined nor false.
 * @throws Error naming `what` when there is none in time.
 */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	{ withinMs = 30_000, everyMs = 100 }: { withinMs?: number; everyMs?: number } = {},
): Promise<T> {
	const end = Date.now() + withinMs;
	for (;;) {
		const seen = await look();
		if (seen !== undefined && seen !== false) return seen;
		if (Date.now() > end) throw new Error(`Not within ${withinMs / 1000} s: ${what}`);
		await sleep(everyMs);
	}
}
