import { openHttp, type TestServer } from './servers';
import { wholeCompletion } from './events';

/** An account's limit: so many requests in so many milliseconds. */
export interface Limit {
	/** A bucket fills evenly, a window is full again all at once. */
	kind: 'bucket' | 'window';
	requests: number;
	perMs: number;
	/** Whether a refusal names, in whole seconds, when the next request is taken. */
	retryAfter: boolean;
	/** Milliseconds of work for each request that is taken. */
	latencyMs: number;
}

export interface LimitedServer extends TestServer {
	readonly answered: number;
	readonly refused: number;
	/** Most requests that were in work at once. */
	readonly mostAtOnce: number;
}

/** A chat server that refuses with 429 what is over the limit. */
export async function openLimited(limit: Limit): Promise<LimitedServer> {
	const take = limit.kind === 'bucket' ? bucket(limit) : fixedWindow(limit);
	const counts = { answered: 0, refused: 0, mostAtOnce: 0 };
	let atOnce = 0;
	const server = await openHttp((request, response) => {
		request.resume().on('end', () => {
			const waitMs = take();
			if (waitMs > 0) {
				counts.refused++;
				const seconds = String(Math.ceil(waitMs / 1000));
				response.writeHead(429, limit.retryAfter ? { 'retry-after': seconds } : {});
				response.end('{"status":429,"title":"Too Many Requests"}');
				return;
			}
			counts.answered++;
			counts.mostAtOnce = Math.max(counts.mostAtOnce, ++atOnce);
			setTimeout(() => {
				atOnce--;
				response.end(JSON.stringify(wholeCompletion('Hi')));
			}, limit.latencyMs);
		});
	});
	return Object.defineProperties(
		server,
		Object.fromEntries(
			Object.keys(counts).map((name) => [name, { get: () => counts[name as keyof typeof counts] }]),
		),
	) as LimitedServer;
}

/** @returns a function that takes one request, and gives the milliseconds until it may come. */
function bucket({ requests, perMs }: Limit): () => number {
	let filled = requests;
	let at = performance.now();
	return () => {
		const now = performance.now();
		filled = Math.min(requests, filled + ((now - at) * requests) / perMs);
		at = now;
		if (filled < 1) return ((1 - filled) * perMs) / requests;
		filled--;
		return 0;
	};
}

function fixedWindow({ requests, perMs }: Limit): () => number {
	let beganAt = performance.now();
	let used = 0;
	return () => {
		const now = performance.now();
		if (now - beganAt >= perMs) {
			beganAt += Math.floor((now - beganAt) / perMs) * perMs;
			used = 0;
		}
		if (used >= requests) return beganAt + perMs - now;
		used++;
		return 0;
	};
}
