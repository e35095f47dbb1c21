import { chatsOf, type Met, type Observation } from '../observation';
import { PATHS } from '../otherFaults';
import { expectedReply } from './expected';

/** A failure needs a reason, and one that may pass has to be tried as often as the user allows. */
export function* unexplained(index: number, message: string, run: Observation): Generator<string> {
	const { plan, requests } = run;
	if ('idleTimeout' in plan.options || 'timeout' in plan.options) return;
	const own = chatsOf(run, index);
	const fate = own.at(-1)?.fault?.effect ?? 'none';
	const isOthersFault =
		requests.some(isElsewhere) || requests.some(isLongLimit) || isRefusedByItself(own.at(-1));
	if (fate === 'none' && !isOthersFault && !isTooLong(index, run))
		yield `failed without a reason: ${message}`;
	const tries = own.length - own.findLastIndex(isOtherQuestion(own)) - 1;
	// A connection that ended by its age takes a request along of which the sandbox never knows.
	const said = Number(/\(tried (\d+) times\)/.exec(message)?.[1] ?? 1);
	const counted = Math.max(tries, said);
	if (fate === 'transient' && counted <= plan.options.maxRetries && !isOthersFault) {
		yield `was given up after ${counted} tries: ${message}`;
	}
}

/** Uploads and polls are shared or follow later, so any item may have failed by them. */
const isElsewhere = ({ request, fault }: Met) =>
	(fault !== undefined && request.path !== PATHS.chat && request.path !== PATHS.models) ||
	request.status === 202;

/** The server wants to be left alone for hours: that holds for all that wait. */
const isLongLimit = ({ fault }: Met) => fault?.kind.startsWith('429, hours') ?? false;

/** The sandbox's own rules, which a plan may have made stricter. */
const isRefusedByItself = (met: Met | undefined) =>
	met !== undefined && met.fault?.fault.status === undefined && (met.request.status ?? 0) >= 400;

/** Data for which the tokens that the plan allows are too few. */
function isTooLong(index: number, run: Observation): boolean {
	const last = chatsOf(run, index).at(-1);
	if (run.plan.operation !== 'data' || !last) return false;
	return expectedReply(last.request, index, run).finishReason === 'length';
}

/** Before the last question stands the last one that was asked otherwise. */
function isOtherQuestion(own: Met[]): (met: Met) => boolean {
	const last = questionOf(own.at(-1));
	return (met) => questionOf(met) !== last;
}

/** Requests of one item that differ in this are re-asked otherwise; those that do not, again. */
export function questionOf(met: Met | undefined): string {
	const body = (met?.request.body ?? {}) as Record<string, unknown>;
	return JSON.stringify([
		body.model,
		body.stream_options !== undefined,
		body.response_format !== undefined,
		(body.messages as unknown[] | undefined)?.length,
		met?.request.headers['nvcf-input-asset-references'] !== undefined,
	]);
}
