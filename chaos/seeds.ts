import type { Bench } from './bench';
import { violations } from './invariants';
import { planRun } from './plan';
import { observe } from './run';

/** One seed that did not pass. */
export interface Failed {
	seed: number;
	violated: string[];
}

/** What has come of the seeds so far. */
export interface Tally {
	passed: number;
	failed: Failed[];
	/** Seeds that are at work now. */
	open: Set<number>;
}

/**
 * Makes the runs of these seeds, several at once: most of a run is waiting, for backoffs and for
 * polls, and each has a sandbox of its own.
 */
export async function runSeeds(
	seeds: Iterable<number>,
	bench: Bench,
	{ atOnce, onFailed = () => {} }: { atOnce: number; onFailed?: (failed: Failed) => void },
	tally: Tally = { passed: 0, failed: [], open: new Set() },
): Promise<Tally> {
	const next = seeds[Symbol.iterator]();
	const work = async () => {
		for (let entry = next.next(); !entry.done; entry = next.next()) {
			const seed = entry.value;
			tally.open.add(seed);
			const violated = await runSeed(seed, bench);
			tally.open.delete(seed);
			if (violated.length === 0) tally.passed += 1;
			else {
				const failed = { seed, violated };
				tally.failed.push(failed);
				onFailed(failed);
			}
		}
	};
	await Promise.all(Array.from({ length: atOnce }, work));
	return tally;
}

async function runSeed(seed: number, bench: Bench): Promise<string[]> {
	try {
		return violations(await observe(planRun(seed), bench));
	} catch (error) {
		return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
	}
}

/** What to type to see a seed again. */
export const replayOf = (seed: number) => `node --import tsx chaos/main.ts --only ${seed}`;
