import { setTimeout as sleep } from 'node:timers/promises';

import type { EngineRun } from '../engine';
import { startSandbox, type Sandbox } from '../sandbox';
import { inputItems, putUp, workflowOf, type Bench } from './bench';
import { whatMet, type Observation } from './observation';
import type { LoopClock } from './loopClock';
import type { Plan } from './plan';
import { running, withTimers, type TimersOfRun } from './timers';
import { recordTraffic, type Traffic } from './traffic';
import { endOfNode, type NodeEnd } from './watchedNode';

/** By the loop's clock; no plan takes as long: what does hangs. */
const LONGEST_RUN_MS = 60_000;
/** Stop is pressed by then, also when the requests it waits for never go out. */
const LATEST_CANCEL_MS = 1500;
/** By the loop's clock: for connections to be closed on the other side, and releases to give up. */
const SETTLE_MS = 1500;

/**
 * Makes one run and tells what can be known about it.
 *
 * @throws Error when it hangs.
 */
export async function observe(plan: Plan, bench: Bench): Promise<Observation> {
	const sandbox = await startSandbox({
		...plan.sandbox,
		apiKey: plan.apiKey,
		keepBodies: true,
	});
	sandbox.fault(...plan.faults.map(({ fault }) => fault));
	const traffic = recordTraffic([sandbox.baseUrl, sandbox.storageUrl]);
	const watchdog = new AbortController();
	const following = follow(plan, bench, sandbox, traffic);
	const hanging = untilItHangs(bench.clock, watchdog.signal);
	try {
		return await Promise.race([following, hanging]);
	} finally {
		// The one that lost the race fails when its server closes, or its time is over: no news.
		following.catch(() => {});
		hanging.catch(() => {});
		watchdog.abort();
		traffic.forget();
		await sandbox.close();
	}
}

/** @throws Error when the time is over, or nobody waits any more. */
async function untilItHangs(clock: LoopClock, ended: AbortSignal): Promise<never> {
	const latest = clock.now() + LONGEST_RUN_MS;
	while (clock.now() < latest && !ended.aborted) await sleep(250, undefined, { ref: false });
	throw new Error(`hangs: not over after ${LONGEST_RUN_MS / 1000} seconds`);
}

async function follow(
	plan: Plan,
	bench: Bench,
	sandbox: Sandbox,
	traffic: Traffic,
): Promise<Observation> {
	const given = putUp(bench, plan, sandbox.assets);
	const input = await inputItems(bench, plan, given);
	const id = `run-${plan.seed}`;
	const ending = endOfNode(id);
	const stop = planStop(plan, traffic, bench.clock);
	const timers: TimersOfRun = new Map();
	const begin = performance.now();
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	const running = withTimers(timers, async () =>
		bench.engine.run(workflowOf(plan, id), {
			startNode: 'Gemma',
			mode: 'webhook',
			input,
			signal: stop.signal,
			credentials: { gemmaApi: { server: 'nvidia', apiKey, baseUrl, nvcfUrl } },
		}),
	);
	const nodeEnd = await ending;
	const end = { at: performance.now(), byLoop: bench.clock.now() };
	const pressedAt = stop.pressedAt();
	traffic.phase = 'end';
	stop.end();
	const run = await running;
	const left = await settled(sandbox, timers, traffic, bench.clock);
	return {
		plan,
		pictures: bench.pictures,
		given: [...given.values()],
		requests: whatMet(sandbox.requests, plan),
		sent: traffic.sent,
		nodeEnd,
		...(pressedAt !== undefined && {
			cancelled: { msBeforeEnd: end.byLoop - pressedAt },
		}),
		...outcomeOf(run, nodeEnd),
		...left,
		milliseconds: end.at - begin,
	};
}

/** Presses Stop where the plan says so. */
function planStop({ cancel }: Plan, traffic: Traffic, clock: LoopClock) {
	const controller = new AbortController();
	let pressedAt: number | undefined;
	let timer: NodeJS.Timeout | undefined;
	const press = () => {
		if (traffic.phase !== 'start') return;
		traffic.phase = 'cancel';
		pressedAt = clock.now();
		controller.abort();
	};
	const pressIn = (milliseconds: number) => {
		clearTimeout(timer);
		timer = setTimeout(press, milliseconds);
	};
	if (cancel) {
		pressIn(LATEST_CANCEL_MS);
		traffic.onSent = (count) => count === cancel.requests && pressIn(cancel.afterMs);
	}
	return {
		signal: controller.signal,
		pressedAt: () => pressedAt,
		end: () => clearTimeout(timer),
	};
}

function outcomeOf(run: EngineRun, nodeEnd: NodeEnd) {
	const error = run.nodeError('Gemma') ?? run.error ?? ('error' in nodeEnd && nodeEnd.error);
	return {
		items: run.items('Gemma'),
		errorItems: run.items('Gemma', 1),
		hints: run.hints('Gemma').map(({ message }) => message),
		...(error && { error }),
	};
}

/** What is still open once everything had time to close. */
async function settled(
	sandbox: Sandbox,
	timers: TimersOfRun,
	{ sockets }: Traffic,
	clock: LoopClock,
) {
	const latest = clock.now() + SETTLE_MS;
	const isOpen = () => sandbox.openSockets > 0 || running(timers) > 0;
	while (isOpen() && clock.now() < latest) await sleep(20);
	return {
		openSockets: sandbox.openSockets,
		nodeSockets: sockets.filter(({ destroyed }) => !destroyed).length,
		timers: running(timers),
		assets: [...sandbox.assets.keys()],
	};
}
