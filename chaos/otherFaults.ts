import { WORDS } from './badBodies';
import { broken, replyFault, slow } from './chatFaults';
import type { Dice } from './dice';
import type { Bounds, PlannedFault } from './fault';

export const PATHS = {
	chat: '/v1/chat/completions',
	assets: '/v2/nvcf/assets',
	status: '/v2/nvcf/pexec/status/',
	models: '/v1/models',
	uploads: '/uploads/',
	results: '/results/',
} as const;

/** Lays a fault on the requests that it is meant for. */
const on = (planned: PlannedFault, match: { method?: string; path: string; nth?: number }) => ({
	...planned,
	kind: `${planned.kind} on ${match.method ?? ''}${match.path}`,
	fault: { ...planned.fault, match },
});

export const chatFault = (dice: Dice, bounds: Bounds, most: number): PlannedFault =>
	on(replyFault(dice, bounds), { path: PATHS.chat, nth: dice.int(1, most) });

/** The reply is put off, and something may happen to it until it is fetched. */
export function pending(dice: Dice, bounds: Bounds, most: number): PlannedFault[] {
	const nth = dice.int(1, most);
	if (dice.chance(0.25)) {
		const headers = { 'NVCF-REQID': '00000000-0000-4000-8000-000000000000' };
		const fault = { status: 202, rawBody: '', ...(dice.chance(0.5) && { headers }) };
		return [on({ kind: '202 lost', effect: 'unsure', fault }, { path: PATHS.chat, nth })];
	}
	const fault = { pend: dice.int(0, 2), result302: dice.chance(0.4) };
	const put = on({ kind: '202', effect: 'unsure', fault }, { path: PATHS.chat, nth });
	if (dice.chance(0.4)) return [put];
	const path = fault.result302 && dice.chance(0.5) ? PATHS.results : PATHS.status;
	return [put, on(replyFault(dice, bounds), { path, nth: dice.int(1, 2) })];
}

/** What can go wrong with the assets of a run, from their creation to their end. */
export function assetFault(dice: Dice, bounds: Bounds): PlannedFault {
	const step = dice.weighted([
		[3, { method: 'POST', path: PATHS.assets }],
		[3, { method: 'PUT', path: PATHS.uploads }],
		[3, { method: 'DELETE', path: PATHS.assets }],
		[1, { method: 'GET', path: PATHS.assets }],
	] as const);
	// Deleting does not care about the item's limits: it has ten seconds of its own.
	const isOwn = step.method === 'POST' || step.method === 'PUT';
	const make = dice.weighted<() => PlannedFault>([
		[4, () => broken(dice, { ...bounds, stream: false })],
		[1, () => slow(dice, { ...bounds, stream: false, endless: bounds.endless && isOwn })],
		[4, () => refusal(dice)],
		// A server that only says that it has deleted something cannot be found out.
		[step.method === 'DELETE' ? 0 : 1, () => garbage],
		[isOwn ? 0 : 0.2, () => ({ kind: 'too slow', effect: 'unsure', fault: { delayMs: 12_000 } })],
	]);
	return on(make(), { ...step, nth: dice.int(1, 3) });
}

const garbage: PlannedFault = {
	kind: 'garbage',
	effect: 'unsure',
	fault: { status: 200, body: '{"assets":7,"assetId":' },
};

export const modelsFault = (dice: Dice, bounds: Bounds): PlannedFault =>
	on(dice.pick([broken, refusal])(dice, bounds), { path: PATHS.models });

function refusal(dice: Dice): PlannedFault {
	const status = dice.pick([500, 503, 403, 429]);
	const times = dice.pick([1, 1, 2, 4]);
	const headers = { 'Retry-After': '0.1' };
	const fault = { status, times, headers, body: dice.pick(WORDS) };
	return { kind: String(status), effect: 'unsure', fault };
}
