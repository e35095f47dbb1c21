import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Dispatcher } from 'undici';

import { asCaught, Caught, Failure, isCancelled } from '../failure';
import { decoderFor, decompressed } from './contentEncoding';
import type { Network } from './network';
import { ASK_ADMINISTRATOR, networkFailure } from './networkFailure';
import { idleFailure, type TimeLimit } from './timeLimit';

export interface Request {
	method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	url: string;
	headers: Record<string, string>;
	/** A function is called when the request is sent: a stream opened for nothing would leak. */
	body?: string | (() => Promise<Uint8Array | Readable>);
	/** Which certificates count: those of the credential's own hosts, or the usual ones. */
	as: 'own' | 'foreign';
}

/** A reply whose body has not been read yet. */
export interface Reply {
	status: number;
	headers: Record<string, string>;
	/** The body's chunks; each wait is bounded by the idle limit. Throws Failure. */
	chunks(): AsyncGenerator<Uint8Array>;
	/** Gives the connection back for the next request; call it when the rest of the body is unwanted. */
	release(): void;
}

/** What a body may hold at most when it is no completion: error pages and the like. */
const ERROR_BODY_BYTES = 64 * 1024;

/** How long the end of an unwanted body is waited for, before its connection is given up. */
const RELEASE_MS = 200;

/**
 * Sends one request and waits for the reply's headers. Redirects are not followed.
 *
 * @throws Failure of kind `network`, `timeLimit` or `cancelled`.
 */
export async function send(network: Network, request: Request, limit: TimeLimit): Promise<Reply> {
	try {
		limit.signal.throwIfAborted();
		await assertAllowed(network, request.url);
		// undici frees a connection one turn after its reply's end; without it a second one opens.
		await setImmediate();
		const { origin, pathname, search } = new URL(request.url);
		const response = await network[request.as].request({
			origin,
			path: `${pathname}${search}`,
			method: request.method,
			headers: request.headers,
			body: typeof request.body === 'function' ? await request.body() : request.body,
			bodyTimeout: limit.idleSeconds * 1000,
			signal: limit.signal,
		});
		return reply(response, request, limit);
	} catch (error) {
		throw asFailure(error, request, limit);
	}
}

/**
 * The body as text, at most its first bytes. Of an error page that breaks off, what has come counts:
 * it tells more than that the rest of it did not come.
 *
 * @throws Failure where the body of a good reply does not come to its end, or the run was stopped.
 */
export async function readText(reply: Reply, most = ERROR_BODY_BYTES): Promise<string> {
	const chunks: Uint8Array[] = [];
	const outcome = await readInto(chunks, reply, most).catch(asCaught);
	reply.release();
	if (outcome instanceof Caught && (reply.status < 300 || isCancelled(outcome.error))) {
		throw outcome.error;
	}
	return Buffer.concat(chunks).toString('utf8', 0, most);
}

async function readInto(chunks: Uint8Array[], reply: Reply, most: number): Promise<void> {
	let bytes = 0;
	for await (const chunk of reply.chunks()) {
		chunks.push(chunk);
		bytes += chunk.length;
		if (bytes >= most) break;
	}
}

/** Refuses an address that n8n's egress filter does not allow. */
async function assertAllowed(network: Network, url: string): Promise<void> {
	const verdict = await network.egress?.validateUrl(url);
	if (!verdict || verdict.ok) return;
	throw new Failure(
		{ kind: 'network', code: 'BLOCKED', host: hostOf(url) },
		`n8n's protection against server-side request forgery does not allow requests to ${hostOf(url)}`,
		ASK_ADMINISTRATOR,
	);
}

/** What a server names as an address, when it is one that can be asked. */
export function webAddress(text: string | undefined, base?: string): URL | undefined {
	const url = text && URL.canParse(text, base) ? new URL(text, base) : undefined;
	return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** Host and port of an address, for messages: its path and query may hold secrets. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

function reply(response: Dispatcher.ResponseData, request: Request, limit: TimeLimit): Reply {
	const { body } = response;
	// undici emits the abort on the body as well, also when nobody is reading it any more.
	body.on('error', () => {});
	return {
		status: response.statusCode,
		headers: Object.fromEntries(
			Object.entries(response.headers).map(([name, value]) => [name, String(value ?? '')]),
		),
		async *chunks() {
			try {
				// None is asked for; some proxies compress all the same.
				const decoder = decoderFor(String(response.headers['content-encoding'] ?? ''));
				// A reader that stops early must not cost the connection: release() sees to the rest.
				const chunks = decoder
					? decompressed(body, decoder)
					: body.iterator({ destroyOnReturn: false });
				for await (const chunk of chunks) yield chunk as Uint8Array;
			} catch (error) {
				throw asFailure(error, request, limit);
			}
		},
		release: () => {
			const signal = AbortSignal.timeout(RELEASE_MS);
			// The limit counts what was read before as well, so only the time may bound it.
			body.dump({ limit: Number.MAX_SAFE_INTEGER, signal }).catch(() => {});
		},
	};
}

function asFailure(error: unknown, { url, as }: Request, limit: TimeLimit): Failure {
	if (error instanceof Failure) return error;
	if (limit.signal.aborted) return limit.signal.reason as Failure;
	const code = (error as { code?: string }).code;
	if (code === 'UND_ERR_BODY_TIMEOUT') return idleFailure(limit.idleSeconds, limit.progress);
	return networkFailure(error, hostOf(url), as === 'own');
}
