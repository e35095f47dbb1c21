import { setTimeout as sleep } from 'node:timers/promises';

import type { EngineRun } from '../engine';
import { startSandbox, type Sandbox } from '../sandbox';
import { inputItems, workflowOf, type Bench } from './bench';
import { whatMet, type Observation } from './observation';
import type { LoopClock } from './loopClock';
import type { Plan } from './plan';
import { running, withTimers, type TimersOfRun } from './timers';
import { recordTraffic, type Traffic } from './traffic';
import { endOfNode, type NodeEnd } from './watchedNode';

/** No plan takes as long: what does hangs. */
const LONGEST_RUN_MS = 120_000;
/** Stop is pressed by then, also when the requests it waits for never go out. */
const LATEST_CANCEL_MS = 1500;
/** For connections to be closed on the other side as well, and for releases to give up. */
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
	const hung = sleep(LONGEST_RUN_MS, undefined, { signal: watchdog.signal }).then(() => {
		throw new Error(`hangs: not over after ${LONGEST_RUN_MS / 1000} seconds`);
	});
	// Nobody waits for it any more when the run has ended.
	hung.catch(() => {});
	try {
		return await Promise.race([follow(plan, bench, sandbox, traffic), hung]);
	} finally {
		watchdog.abort();
		traffic.forget();
		await sandbox.close();
	}
}

async function follow(
	plan: Plan,
	bench: Bench,
	sandbox: Sandbox,
	traffic: Traffic,
): Promise<Observation> {
	const input = await inputItems(bench, plan);
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
	const left = await settled(sandbox, timers, traffic);
	return {
		plan,
		pictures: bench.pictures,
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
async function settled(sandbox: Sandbox, timers: TimersOfRun, { sockets }: Traffic) {
	const latest = performance.now() + SETTLE_MS;
	const isOpen = () => sandbox.openSockets > 0 || running(timers) > 0;
	while (isOpen() && performance.now() < latest) await sleep(20);
	return {
		openSockets: sandbox.openSockets,
		nodeSockets: sockets.filter(({ destroyed }) => !destroyed).length,
		timers: running(timers),
		assetsLeft: sandbox.assets.size,
	};
}
