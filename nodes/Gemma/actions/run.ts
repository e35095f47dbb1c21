import { setMaxListeners } from 'node:events';
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { Failure } from '../failure';
import { cancelled } from '../transport/timeLimit';
import { answerItem } from './answer';
import { Hints } from './hintList';
import { toErrorItem, toNodeError, type ItemFailure } from './nodeError';
import { openSession } from './session';

/**
 * Answers every item, several at once: one output item for each, in input order. Without Continue
 * the first failure ends the run, and the requests in flight are cancelled rather than paid for.
 */
export async function run(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const total = this.getInputData().length;
	const hints = new Hints();
	const output: INodeExecutionData[] = [];
	const failures: ItemFailure[] = [];
	const stop = stopSwitch(this.getExecutionCancelSignal());
	const opening = openSession(this, hints, stop.signal);
	// A credential that cannot work fails every item, each in its turn.
	const concurrency = await opening.then(
		(session) => session.concurrency,
		() => 1,
	);
	try {
		await inParallel(total, concurrency, stop.signal, async (itemIndex) => {
			try {
				output[itemIndex] = await answerItem(this, await opening, itemIndex);
			} catch (error) {
				const failure = { error, itemIndex, redactor: hints.redactor };
				if (this.continueOnFail() && !isCancelled(failure)) {
					output[itemIndex] = toErrorItem(this, failure);
				} else {
					failures.push(failure);
					stop.now();
				}
			}
		});
	} finally {
		stop.end();
		// A session that could not be opened has nothing to close.
		await opening.then(async (session) => await session.close()).catch(() => {});
		this.addExecutionHints(...hints.list(total));
	}
	const answered = output.filter(Boolean).length;
	if (answered === total) return output;
	if (failures.length === 0) {
		// Stopped between two items: none of them failed by it, and some are missing.
		failures.push({ error: cancelled(), itemIndex: answered, redactor: hints.redactor });
	}
	throw toNodeError(this.getNode(), decisive(failures), { answered, total });
}

/** Ends the run from inside as n8n's Stop does from outside. */
function stopSwitch(cancel: AbortSignal | undefined) {
	const controller = new AbortController();
	// Every item in work listens, and there may be many.
	setMaxListeners(0, controller.signal);
	const now = () => controller.abort();
	if (cancel?.aborted) now();
	else cancel?.addEventListener('abort', now, { once: true });
	return {
		signal: controller.signal,
		now,
		end: () => cancel?.removeEventListener('abort', now),
	};
}

/** Does the work for 0 to count - 1, in order of start; starts nothing more once stopped. */
async function inParallel(
	count: number,
	concurrency: number,
	stopped: AbortSignal,
	work: (index: number) => Promise<void>,
): Promise<void> {
	let next = 0;
	const worker = async () => {
		while (next < count && !stopped.aborted) await work(next++);
	};
	await Promise.all(Array.from({ length: Math.min(concurrency, count) }, worker));
}

const isCancelled = ({ error }: ItemFailure) =>
	error instanceof Failure && error.facts.kind === 'cancelled';

/** The lowest item that failed by itself; those that were in flight with it were only cancelled. */
function decisive(failures: ItemFailure[]): ItemFailure {
	const inOrder = [...failures].sort((a, b) => a.itemIndex - b.itemIndex);
	return inOrder.find((failure) => !isCancelled(failure)) ?? inOrder[0];
}
