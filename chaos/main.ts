/**
 * The fault-injection runs: thousands of workflows against a server that breaks in every way, each
 * decided by its seed. `--only SEED` repeats one and shows its plan and its requests.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { openBench, type Bench } from './bench';
import { violations } from './invariants';
import { planRun } from './plan';
import { observe } from './run';
import { replayOf, runSeeds, type Failed, type Tally } from './seeds';

const PROGRESS_MS = 3000;
/** Runs at once; half of them wait at any time. */
const AT_ONCE = 32;
/** For the last handles to go. */
const SETTLE_MS = 500;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			runs: { type: 'string', default: '1000' },
			seed: { type: 'string', default: '1' },
			only: { type: 'string' },
			'at-once': { type: 'string', default: String(AT_ONCE) },
			minutes: { type: 'string', default: 'Infinity' },
		},
	});
	const before = process.getActiveResourcesInfo();
	const bench = await openBench();
	const tally: Tally = { passed: 0, failed: [], open: new Set() };
	const forget = watchProcess(tally);
	if (values.only !== undefined) await showRun(Number(values.only), bench, tally);
	else {
		const until = performance.now() + Number(values.minutes) * 60_000;
		const seeds = seedsFrom(Number(values.seed), Number(values.runs), until);
		const progress = showProgress(tally);
		const onFailed = (failed: Failed) => {
			console.log(describe(failed));
		};
		await runSeeds(seeds, bench, { atOnce: Number(values['at-once']), onFailed }, tally);
		progress();
	}
	await bench.close();
	await sleep(SETTLE_MS);
	forget();
	const left = leftOf(process.getActiveResourcesInfo(), before);
	if (left.length > 0)
		tally.failed.push({ seed: NaN, violated: [`left over: ${left.join(', ')}`] });
	for (const failed of tally.failed.filter(({ seed }) => Number.isNaN(seed))) {
		console.log(describe(failed));
	}
	console.log(`${tally.passed} passed, ${tally.failed.length} failed`);
	process.exitCode = tally.failed.length === 0 ? 0 : 1;
	// What is left over would keep the process alive as well.
	if (left.length > 0) process.exit();
}

function* seedsFrom(first: number, count: number, until: number): Generator<number> {
	for (let seed = first; seed < first + count && performance.now() < until; seed++) yield seed;
}

/** What no run can be blamed for by itself fails the whole; the open seeds are where to look. */
function watchProcess(tally: Tally): () => void {
	const note = (what: string) => (problem: unknown) => {
		const words = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
		const violated = [`${what} while seeds ${[...tally.open].join(', ')} ran: ${words}`];
		tally.failed.push({ seed: NaN, violated });
	};
	const events = ['unhandledRejection', 'uncaughtException', 'warning'] as const;
	const listeners = events.map((event) => [event, note(event)] as const);
	for (const [event, listener] of listeners) process.on(event, listener);
	return () => listeners.forEach(([event, listener]) => process.off(event, listener));
}

function showProgress(tally: Tally): () => void {
	const begin = performance.now();
	const timer = setInterval(() => {
		const seconds = (performance.now() - begin) / 1000;
		const rate = ((tally.passed + tally.failed.length) / seconds).toFixed(1);
		console.log(
			`${seconds.toFixed(0)} s: ${tally.passed} passed, ${tally.failed.length} failed, ${rate} a second`,
		);
	}, PROGRESS_MS);
	return () => clearInterval(timer);
}

async function showRun(seed: number, bench: Bench, tally: Tally): Promise<void> {
	const plan = planRun(seed);
	console.log(JSON.stringify(plan, (_, value: unknown) => (value === Infinity ? '∞' : value), 1));
	tally.open.add(seed);
	const run = await observe(plan, bench);
	tally.open.delete(seed);
	for (const { request, fault, itemIndex } of run.requests) {
		const item = itemIndex === undefined ? '' : ` for item ${itemIndex}`;
		const kind = fault ? `  ← ${fault.kind}` : '';
		console.log(`${request.method} ${request.path} ${request.status ?? '-'}${item}${kind}`);
	}
	const { nodeEnd, hints, milliseconds } = run;
	console.log('error' in nodeEnd ? nodeEnd.error.message : JSON.stringify(nodeEnd.items, null, 1));
	console.log(hints.join('\n'), `\n${milliseconds.toFixed(0)} ms`);
	const violated = violations(run);
	if (violated.length === 0) tally.passed += 1;
	else {
		tally.failed.push({ seed, violated });
		console.log(describe({ seed, violated }));
	}
}

function describe({ seed, violated }: Failed): string {
	const lines = violated.map((what) => `  ${what}`);
	return Number.isNaN(seed)
		? `FAILED\n${lines.join('\n')}`
		: `FAILED seed ${seed}\n${lines.join('\n')}\n  again: ${replayOf(seed)}`;
}

/** Handles beyond those that were there before; a terminal's own are none of ours. */
function leftOf(now: string[], before: string[]): string[] {
	const known = [...before];
	return now.filter((name) => {
		const at = known.indexOf(name);
		if (at >= 0) known.splice(at, 1);
		return at < 0 && !/^(TTYWrap|PipeWrap)$/.test(name);
	});
}

void main();
