import type { ReceivedRequest } from './received';
import type { SandboxSettings } from './settings';
import { isObject, parseJson } from './values';

export interface LoggedRequest {
	host: 'api' | 'storage';
	method: string;
	/** With the query, if there was one. */
	path: string;
	/** Names in lower case; repeated ones joined by commas. */
	headers: Record<string, string>;
	/** The parsed JSON; `undefined` for anything else. */
	body: unknown;
	/** Size of the request's body. */
	bytes: number;
	/** When it was read, in milliseconds since 1970, by the machine's clock. */
	at: number;
	/** Missing until there is an answer, and for ever when the connection was reset before it. */
	status?: number;
	/** The connection ended before the reply was over, whoever ended it. */
	broken?: true;
}

/** Base64 that is longer than this is named by its length only. */
const LONGEST_BASE64 = 200;
/** Searched for: to match megabytes of base64 itself can overflow the engine's stack. */
const NOT_BASE64 = /([^A-Za-z0-9+/=])/;

function bounded(value: unknown): unknown {
	if (typeof value === 'string') {
		return value
			.split(NOT_BASE64)
			.map((run) => (run.length > LONGEST_BASE64 ? `…${run.length} characters` : run))
			.join('');
	}
	if (Array.isArray(value)) return value.map(bounded);
	if (!isObject(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bounded(item)]));
}

/** Writes a request down; the status follows when it is answered. */
export function logRequest(
	requests: LoggedRequest[],
	host: LoggedRequest['host'],
	request: ReceivedRequest,
	settings: SandboxSettings,
): LoggedRequest {
	const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
	const body = host === 'api' ? parseJson(request.body.toString()) : undefined;
	const entry: LoggedRequest = {
		host,
		method: request.method,
		path: request.url.pathname + request.url.search,
		headers: Object.fromEntries(headers),
		body: settings.keepBodies ? body : bounded(body),
		bytes: request.bytes,
		at: Date.now(),
	};
	requests.push(entry);
	while (requests.length > settings.maxRequests) requests.shift();
	return entry;
}
