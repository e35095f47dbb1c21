import { setMaxListeners } from 'node:events';
import type { IExecuteFunctions, INodeExecutionData, NodeExecutionHint } from 'n8n-workflow';

import { isCancelled } from '../failure';
import { cancelled } from '../transport/timeLimit';
import { Hints } from './hintList';
import { toErrorItem, toNodeError, type ItemFailure } from './nodeError';
import { operationOf, piecesOfWork } from './operations';
import { openSession, type Session } from './session';
import { ItemFailed } from './work';

/**
 * Does the work for every item, several at once; what comes out is in input order. Without Continue
 * the first failure ends the run, and the requests in flight are cancelled rather than paid for.
 */
export async function run(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const total = this.getInputData().length;
	const pieces = piecesOfWork(this);
	const hints = new Hints();
	const output: INodeExecutionData[][] = [];
	const failures: ItemFailure[] = [];
	const stop = stopSwitch(this.getExecutionCancelSignal());
	const opening = openSession(this, hints, stop.signal);
	// A credential that cannot work fails every item, each in its turn.
	const concurrency = await opening.then(
		(session) => session.concurrency,
		() => 1,
	);
	try {
		await inParallel(pieces.length, concurrency, stop.signal, async (piece) => {
			const items = pieces[piece];
			try {
				const operation = operationOf(this, items[0]);
				const session = await opening;
				output[piece] = await operation.perform({
					context: this,
					session,
					items,
					itemIndex: items[0],
				});
			} catch (error) {
				const failure = { ...causeOf(error, items), redactor: hints.redactor };
				if (this.continueOnFail() && !isCancelled(failure.error)) {
					output[piece] = [toErrorItem(this, failure)];
				} else {
					failures.push(failure);
					stop.now();
				}
			}
		});
	} finally {
		stop.end();
		// A session that could not be opened has nothing to close.
		const failed = pieces.some((_, piece) => !output[piece]);
		await opening.then(async (session) => await session.close(failed)).catch(() => {});
		this.addExecutionHints(...hints.list(total), ...(await totalHints(opening, total)));
	}
	const missing = pieces.filter((_, piece) => !output[piece]);
	if (missing.length === 0) return output.flat();
	if (failures.length === 0) {
		// Stopped between two items: none of them failed by it, and some are missing.
		failures.push({ error: cancelled(), items: missing[0], redactor: hints.redactor });
	}
	const answered = total - missing.flat().length;
	throw toNodeError(this.getNode(), decisive(failures), { answered, total });
}

/** What the run cost, where it was more than one item's. */
async function totalHints(opening: Promise<Session>, total: number): Promise<NodeExecutionHint[]> {
	if (total < 2) return [];
	const message = await opening.then(({ totals }) => totals.text(total)).catch(() => undefined);
	return message ? [{ message, type: 'info', location: 'outputPane' }] : [];
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

/** What failed, and for which items. */
const causeOf = (error: unknown, items: number[]) =>
	error instanceof ItemFailed
		? { error: error.cause, items, culprit: error.item }
		: { error, items };

/** The lowest item that failed by itself; those that were in flight with it were only cancelled. */
function decisive(failures: ItemFailure[]): ItemFailure {
	const inOrder = [...failures].sort((a, b) => a.items[0] - b.items[0]);
	return inOrder.find(({ error }) => !isCancelled(error)) ?? inOrder[0];
}
