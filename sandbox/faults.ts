import { json, text, type Reply } from './reply';
import { isObject, unknownKey, type JsonObject } from './values';

/** Something that goes wrong on purpose, once or `times` times. */
export interface Fault {
	/** Which requests it meets; without it, every one. `nth` counts matching ones from 1. */
	match?: { method?: string; path?: string; nth?: number };
	/** How many requests it meets before it is used up. Default 1. */
	times?: number;
	/** A reply instead of the real one; the request is then not carried out. Default 200. */
	status?: number;
	/** Alone: added to the real reply's headers. */
	headers?: Record<string, string>;
	/** Text, or an object sent as JSON. */
	body?: string | object;
	/** Text sent without a content type. */
	rawBody?: string;
	/** The connection ends after exactly so many bytes of the reply's body. */
	cutAfterBytes?: number;
	/** The reply's body pauses here, 0 unless told, for `stallMs`, or for ever. */
	stallAfterBytes?: number;
	stallMs?: number;
	/** Milliseconds before the status line. */
	delayMs?: number;
	/** Connection reset: before any byte, after the headers, or after so many bytes of body. */
	reset?: 'before' | 'headers' | number;
	/** The reply's body in writes of so many bytes (default 1), `dripMs` (default 1) apart. */
	dripBytes?: number;
	dripMs?: number;
	/** A chat request: 202 now, 202 for so many polls, then the reply. */
	pend?: number;
	/** With `pend`: the reply is handed over by a 302 to the storage host. */
	result302?: boolean;
}

const FIELDS: Record<keyof Fault, true> = {
	match: true,
	times: true,
	status: true,
	headers: true,
	body: true,
	rawBody: true,
	cutAfterBytes: true,
	stallAfterBytes: true,
	stallMs: true,
	delayMs: true,
	reset: true,
	dripBytes: true,
	dripMs: true,
	pend: true,
	result302: true,
};
const NUMBERS = [
	'times',
	'cutAfterBytes',
	'stallAfterBytes',
	'stallMs',
	'delayMs',
	'dripBytes',
	'dripMs',
	'pend',
] as const;

function checkValues(fault: JsonObject): void {
	const { status, reset } = fault;
	for (const field of NUMBERS) {
		const number = fault[field];
		if (number !== undefined && !(typeof number === 'number' && number >= 0)) {
			throw new TypeError(`A fault's '${field}' is a number from 0 up`);
		}
	}
	if (status !== undefined && !(Number(status) >= 200 && Number(status) <= 599)) {
		throw new TypeError("A fault's 'status' is a number from 200 to 599");
	}
	if (
		!['undefined', 'number'].includes(typeof reset) &&
		reset !== 'before' &&
		reset !== 'headers'
	) {
		throw new TypeError("A fault's 'reset' is 'before', 'headers' or a number of bytes");
	}
}

/**
 * Takes what a test, perhaps in another process, gave for a fault.
 *
 * @throws TypeError for anything else: a misspelt field would be a fault that never happens
 */
export function toFault(value: unknown): Fault {
	if (!isObject(value)) throw new TypeError('A fault is an object');
	const unknown =
		unknownKey(value, Object.keys(FIELDS)) ??
		(isObject(value.match) ? unknownKey(value.match, ['method', 'path', 'nth']) : undefined);
	if (unknown !== undefined) throw new TypeError(`A fault has no field '${unknown}'`);
	checkValues(value);
	return value as Fault;
}

interface Queued {
	fault: Fault;
	seen: number;
	left: number;
}

/** Faults wait here, in order, for the requests they match. */
export class FaultQueue {
	private readonly queue: Queued[] = [];

	/** @throws TypeError for a fault with a field that does not exist */
	add(...faults: Fault[]): void {
		const queued = faults.map((fault) => ({
			fault: toFault(fault),
			seen: 0,
			left: fault.times ?? 1,
		}));
		this.queue.push(...queued);
	}

	/** Uses up one turn of the first fault that meets this request. `path` may hold a query. */
	take(method: string, path: string): Fault | undefined {
		for (const queued of this.queue) {
			const { match = {} } = queued.fault;
			if (match.method !== undefined && match.method.toUpperCase() !== method) continue;
			if (match.path !== undefined && !path.startsWith(match.path)) continue;
			queued.seen += 1;
			if (queued.seen < (match.nth ?? 1)) continue;
			queued.left -= 1;
			if (queued.left <= 0) this.queue.splice(this.queue.indexOf(queued), 1);
			return queued.fault;
		}
		return undefined;
	}

	get size(): number {
		return this.queue.length;
	}

	clear(): void {
		this.queue.length = 0;
	}
}

/** A fault's headers by the lower-case names that replies use: none may be sent twice. */
export function faultHeaders({ headers = {} }: Fault): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
	);
}

/** The reply a fault brings along, if it does. */
export function cannedReply(fault: Fault): Reply | undefined {
	const { status, body, rawBody } = fault;
	if (status === undefined && body === undefined && rawBody === undefined) return undefined;
	const headers = faultHeaders(fault);
	if (typeof body === 'object') return json(status ?? 200, body, headers);
	if (body !== undefined) return text(status ?? 200, body, headers);
	return { status: status ?? 200, headers, body: Buffer.from(rawBody ?? '') };
}
