import { chatsOf, type Met, type Observation } from '../observation';
import { PATHS } from '../otherFaults';
import { questionOf } from './explained';

/** Ways in which one item may be asked otherwise: model, usage, and the roads of a picture. */
const MOST_QUESTIONS = 6;
/** Cleaning up may take its ten seconds for each of two steps; without it, Stop is at once. */
const CANCEL_MS = { alone: 3000, cleaning: 25_000 };

/** Nothing is sent that should not be, and nothing is paid for twice. */
export function* trafficIsRight(run: Observation): Generator<string> {
	for (const { after, method, path } of run.sent) {
		if (after === 'end') yield `${method} ${path} was sent after the end`;
		if (after === 'cancel' && !isCleaning(method, path)) {
			yield `${method} ${path} was sent after the run was canceled`;
		}
	}
	yield* endsSoon(run);
	for (const index of run.plan.items.keys()) {
		for (const what of askedRight(chatsOf(run, index), run)) yield `item ${index}: ${what}`;
	}
	yield* uploadedOnce(run);
	yield* fallsBackForAReason(run);
}

/** What stays after a run is taken away; an asset whose creation was lost is looked for first. */
const isCleaning = (method: string, path: string) =>
	path.startsWith(PATHS.assets) && (method === 'DELETE' || method === 'GET');

function* endsSoon({ cancelled, sent }: Observation): Generator<string> {
	if (!cancelled) return;
	const cleans = sent.some(({ method, path }) => isCleaning(method, path));
	const { msBeforeEnd } = cancelled;
	if (msBeforeEnd > (cleans ? CANCEL_MS.cleaning : CANCEL_MS.alone)) {
		yield `it ended ${Math.round(msBeforeEnd)} ms after it was canceled`;
	}
}

function* askedRight(own: Met[], { plan }: Observation): Generator<string> {
	const whole = own.filter((met) => cameWhole(met));
	const { ignoresAssets = false } = plan.sandbox;
	// A reply that did not see its pictures is paid for, and asked once more another way.
	const paid = ignoresAssets && plan.options.imageTransfer === 'auto' ? 2 : 1;
	if (whole.length > paid && !('idleTimeout' in plan.options)) {
		yield `was answered whole ${whole.length} times`;
	}
	const rounds = roundsOf(own);
	if (rounds.length > MOST_QUESTIONS) yield `was asked in ${rounds.length} ways`;
	const longest = Math.max(0, ...rounds);
	if (longest > plan.options.maxRetries + 1) {
		yield `was asked ${longest} times with ${plan.options.maxRetries} retries`;
	}
}

/** A real reply that nothing was taken from, not even by a fault of the request before on its connection. */
const cameWhole = ({ request, fault }: Met) =>
	request.status === 200 && !request.broken && (fault === undefined || fault.effect === 'none');

/** How often each question was asked in a row. */
function roundsOf(own: Met[]): number[] {
	const rounds: number[] = [];
	for (const [at, met] of own.entries()) {
		const isAgain = at > 0 && questionOf(own[at - 1]) === questionOf(met);
		if (isAgain) rounds[rounds.length - 1] += 1;
		else rounds.push(1);
	}
	return rounds;
}

function* uploadedOnce({ plan, requests }: Observation): Generator<string> {
	if ('timeout' in plan.options || 'idleTimeout' in plan.options) return;
	const uploads = requests.filter(
		(met) => met.request.method === 'PUT' && met.request.status === 200 && met.fault === undefined,
	);
	const isUp = plan.operation === 'analyzeAssets';
	const pictures = new Set(isUp ? [] : plan.items.flatMap((item) => item.pictures));
	if (uploads.length > pictures.size) {
		yield `${uploads.length} uploads of ${pictures.size} pictures succeeded`;
	}
}

/** Another model answers only where the first is gone; a poll that fails says nothing of a model. */
function* fallsBackForAReason({ plan, requests, hints }: Observation): Generator<string> {
	const chats = requests.filter(({ itemIndex }) => itemIndex !== undefined);
	const modelOf = ({ request }: Met) => (request.body as { model?: unknown } | undefined)?.model;
	// Servers that put a request off may say only later that they have no such model.
	const isGone = requests.some(
		(met) =>
			met.fault?.kind.startsWith('model gone') ||
			(modelOf(met) === plan.modelId && [404, 410].includes(met.request.status ?? 0)),
	);
	if (isGone) return;
	if (chats.some((met) => modelOf(met) !== plan.modelId)) {
		yield `another model than ${plan.modelId} was asked, which was not gone`;
	}
	if (hints.some((hint) => /is retired or unknown/.test(hint))) {
		yield 'a hint says that the model is gone, and it is not';
	}
}
