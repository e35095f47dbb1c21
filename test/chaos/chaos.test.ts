import { openBench, type Bench } from '../../chaos/bench';
import { planRun } from '../../chaos/plan';
import { replayOf, runSeeds } from '../../chaos/seeds';

const RUNS = 130;

let bench: Bench;
let isOver = false;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(async () => {
	isOver = true;
	await bench.close();
});

/** Ends early when the test does: no run may begin when its time is over. */
function* seeds() {
	for (let seed = 1; seed <= RUNS && !isOver; seed++) yield seed;
}

describe('under faults', () => {
	it('keeps every promise of a run, whatever breaks', async () => {
		const { passed, failed } = await runSeeds(seeds(), bench, { atOnce: 48 });
		const shown = failed.map(({ seed, violated }) => [replayOf(seed), ...violated].join('\n  '));
		expect(shown.join('\n')).toBe('');
		expect(passed).toBe(RUNS);
	}, 300_000);

	it('plans the same run for the same seed, and another for another', () => {
		expect(planRun(7)).toEqual(planRun(7));
		expect(planRun(7)).not.toEqual({ ...planRun(8), seed: 7 });
	});
});
