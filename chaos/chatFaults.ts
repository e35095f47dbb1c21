import { type Dice } from './dice';
import type { Bounds, PlannedFault } from './fault';
import { notACompletion, WORDS } from './badBodies';

const NOW = { 'Retry-After': '0.1' };

/** Faults of a chat request, or of a poll for its result: everything that can happen to a reply. */
export function replyFault(dice: Dice, bounds: Bounds): PlannedFault {
	const make = dice.weighted<(dice: Dice, bounds: Bounds) => PlannedFault>([
		[18, broken],
		[8, slow],
		[6, wrongLength],
		[14, storm],
		[8, refused],
		[4, gone],
		[10, limited],
		[10, notACompletion],
		[3, mislabelled],
	]);
	return make(dice, bounds);
}

/** Any byte of a reply, and now and then one behind its end. */
const anyByte = (dice: Dice, { stream }: Bounds) => dice.int(0, stream ? 14_000 : 900);

export function broken(dice: Dice, bounds: Bounds): PlannedFault {
	const at = anyByte(dice, bounds);
	// A cut behind the finish reason, or behind the end, costs nothing.
	return dice.pick<PlannedFault>([
		{ kind: 'reset before', effect: 'transient', fault: { reset: 'before' } },
		{ kind: 'reset after headers', effect: 'transient', fault: { reset: 'headers' } },
		{ kind: 'reset', effect: 'unsure', fault: { reset: at } },
		{ kind: 'cut', effect: 'unsure', fault: { cutAfterBytes: at } },
		{ kind: 'cut at once', effect: 'transient', fault: { cutAfterBytes: 0 } },
	]);
}

export function slow(dice: Dice, bounds: Bounds): PlannedFault {
	const at = anyByte(dice, bounds);
	const drip = { dripBytes: dice.int(bounds.stream ? 150 : 20, 900), dripMs: 1 };
	const pause: PlannedFault[] = [
		{ kind: 'pause', effect: 'none', fault: { stallAfterBytes: at, stallMs: dice.int(20, 300) } },
		{ kind: 'delay', effect: 'none', fault: { delayMs: dice.int(10, 400) } },
		{ kind: 'drip', effect: 'none', fault: drip },
	];
	const endless: PlannedFault[] = [
		{ kind: 'stall', effect: 'unsure', fault: { stallAfterBytes: at } },
		{ kind: 'no answer', effect: 'unsure', fault: { delayMs: 3_600_000 } },
	];
	return dice.pick(bounds.endless ? [...pause, ...endless] : pause);
}

function wrongLength(dice: Dice, bounds: Bounds): PlannedFault {
	const tooShort = dice.chance(0.7) || (!bounds.stream && dice.chance(0.8));
	const bytes = tooShort ? anyByte(dice, bounds) : dice.int(20_000, 90_000);
	return {
		kind: tooShort ? 'Content-Length too short' : 'Content-Length too long',
		effect: 'unsure',
		fault: { headers: { 'Content-Length': String(bytes) } },
	};
}

function storm(dice: Dice, { apiKey }: Bounds): PlannedFault {
	const times = dice.pick([1, 1, 1, 2, 3, 6, Infinity]);
	// What never ends would cost each item seconds of backoff; the server's own word is shorter.
	const headers = times > 2 || dice.chance(0.5) ? NOW : {};
	const status = dice.pick([500, 502, 503, 504, 529, 408, 409]);
	const body = dice.pick<string | object>([...WORDS, `Worker of ${apiKey} died`]);
	return { kind: 'storm', effect: 'transient', fault: { status, times, headers, body } };
}

function refused(dice: Dice, { apiKey }: Bounds): PlannedFault {
	const status = dice.pick([400, 401, 402, 403, 422]);
	const body = dice.pick<string | object>([
		...WORDS,
		`Bad key: Bearer ${apiKey}`,
		{ error: { message: `No access for ${apiKey}`, code: apiKey } },
	]);
	const times = dice.pick([1, 1, 2, Infinity]);
	return { kind: 'refused', effect: 'permanent', fault: { status, times, body } };
}

function gone(dice: Dice): PlannedFault {
	const status = dice.pick([404, 410]);
	const body = { status, title: 'Gone', detail: "The model 'X' has reached its end of life" };
	return { kind: 'model gone', effect: 'permanent', fault: { status, body } };
}

function limited(dice: Dice): PlannedFault {
	const body = { status: 429, title: 'Too Many Requests' };
	const limit = (kind: string, times: number, after?: string): PlannedFault => ({
		kind,
		effect: after === '7200' ? 'permanent' : 'transient',
		fault: { status: 429, body, times, ...(after && { headers: { 'Retry-After': after } }) },
	});
	return dice.pick([
		limit('429', dice.int(1, 3)),
		limit('429, now', dice.pick([1, 3]), '0'),
		limit('429, soon', dice.pick([1, 3, 10, 40]), '0.1'),
		limit('429, one second', dice.int(1, 2), '1'),
		limit('429, a date that is past', dice.int(1, 3), 'Wed, 21 Oct 2015 07:28:00 GMT'),
		limit('429, hours', dice.int(1, 3), '7200'),
	]);
}

/** The reply is right, and what the headers say about it is not. */
function mislabelled(dice: Dice): PlannedFault {
	const type = dice.pick(['text/html', 'application/octet-stream', 'application/json', '']);
	return { kind: 'wrong type', effect: 'none', fault: { headers: { 'Content-Type': type } } };
}
