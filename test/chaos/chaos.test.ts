import { openBench, type Bench } from '../../chaos/bench';
import { planRun } from '../../chaos/plan';
import { replayOf, runSeeds } from '../../chaos/seeds';

const RUNS = 130;

let bench: Bench;
beforeAll(async () => {
	bench = await openBench();
});
afterAll(async () => await bench.close());

describe('under faults', () => {
	it('keeps every promise of a run, whatever breaks', async () => {
		const seeds = Array.from({ length: RUNS }, (_, index) => index + 1);
		const { passed, failed } = await runSeeds(seeds, bench, { atOnce: 48 });
		const shown = failed.map(({ seed, violated }) => [replayOf(seed), ...violated].join('\n  '));
		expect(shown.join('\n')).toBe('');
		expect(passed).toBe(RUNS);
	}, 120_000);

	it('plans the same run for the same seed, and another for another', () => {
		expect(planRun(7)).toEqual(planRun(7));
		expect(planRun(7)).not.toEqual({ ...planRun(8), seed: 7 });
	});
});
