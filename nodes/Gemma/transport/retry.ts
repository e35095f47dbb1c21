import { asCaught, Caught, Failure, refusalCause } from '../failure';
import { inWords } from './duration';
import { LONGEST_WAIT_MS, type Gate } from './gate';
import { pause, type TimeLimit } from './timeLimit';

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
const SHORTEST_BACKOFF_MS = 100;

/**
 * Does the work again while its failure is transient, at most `maxRetries` times: after the time
 * that the server named, or after an exponential backoff with equal jitter.
 *
 * @param gate where chat requests line up; a refusal for the account's limit closes it for all.
 * @throws the last Failure; at once when the wait would outlast the item's time or two minutes.
 */
export async function withRetries<Result>(
	work: () => Promise<Result>,
	maxRetries: number,
	limit: TimeLimit,
	gate?: Gate,
): Promise<Result> {
	let failure: Failure | undefined;
	for (let retries = 0; ; retries++) {
		// The wait for the first turn is the run's affair; from then on the item's clock runs.
		const outcome = gate
			? await throughGate(work, gate, limit, failure)
			: await work().catch(asCaught);
		if (!(outcome instanceof Caught)) return outcome;
		if (!isWorthRetrying(outcome.error)) throw outcome.error;
		failure = outcome.error;
		if (retries >= maxRetries) {
			if (isAccountLimit(failure)) gate?.givenUp();
			throw tried(failure, retries + 1);
		}
		const named = namedWait(failure);
		const waitMs = Math.max(SHORTEST_BACKOFF_MS, named ?? backoff(retries));
		if (waitMs > LONGEST_WAIT_MS || waitMs > limit.left()) {
			throw named === undefined ? tried(failure, retries + 1) : tooLong(failure, named);
		}
		limit.progress = `it was waiting for try ${retries + 2}; the last one ended with: ${failure.message}`;
		// The gate is closed for as long, and opens for those first who came first.
		if (!(gate && isAccountLimit(failure))) await pause(waitMs, limit);
	}
}

async function throughGate<Result>(
	work: () => Promise<Result>,
	gate: Gate,
	limit: TimeLimit,
	before: Failure | undefined,
): Promise<Result | Caught> {
	const entering = gate.enter(limit.signal);
	const ticket = await (before
		? entering.catch((error: unknown) => tooLate(error, before, gate))
		: limit.outsideOf(entering));
	const outcome = await work().catch(asCaught);
	if (outcome instanceof Caught && isAccountLimit(outcome.error)) {
		gate.refused(ticket, namedWait(outcome.error));
	} else {
		gate.leave(ticket, !(outcome instanceof Caught));
	}
	return outcome;
}

/** An item whose time runs out behind a closed gate failed by what closed it. @throws always. */
function tooLate(error: unknown, before: Failure, gate: Gate): never {
	const isLate = error instanceof Failure && error.facts.kind === 'timeLimit';
	if (!isLate || !isAccountLimit(before)) throw error;
	gate.givenUp();
	throw new Failure(
		before.facts,
		`${before.message}; no other try was let in within ${error.facts.seconds} seconds (option Timeout)`,
		before.advice,
		{ transient: true },
	);
}

/** A user's time limit or a stop ends the item; asking again would not change that. */
function isWorthRetrying(error: unknown): error is Failure {
	return error instanceof Failure && error.transient && error.facts.kind !== 'timeLimit';
}

const isAccountLimit = (error: unknown): error is Failure => refusalCause(error) === 'limit';

const namedWait = ({ facts }: Failure) =>
	'retryAfterMs' in facts ? facts.retryAfterMs : undefined;

function backoff(retries: number): number {
	const longest = Math.min(FIRST_BACKOFF_MS * 2 ** retries, LONGEST_BACKOFF_MS);
	return longest / 2 + (Math.random() * longest) / 2;
}

/** The failure of several tries. */
class Tried extends Failure {
	constructor(
		readonly last: Failure,
		times: number,
	) {
		super(last.facts, `${last.message} (tried ${times} times)`, last.advice, { transient: true });
	}
}

function tried(failure: Failure, times: number): Failure {
	if (times === 1) return failure;
	// A request whose result was put off has tried its polls again: one count is enough to read.
	return new Tried(failure instanceof Tried ? failure.last : failure, times);
}

const tooLong = (failure: Failure, waitMs: number) =>
	new Failure(
		failure.facts,
		`${failure.message}; the server wants to be asked again in ${inWords(waitMs)}`,
		`That is longer than this node waits: run the workflow again after that time. ${failure.advice}`,
	);
