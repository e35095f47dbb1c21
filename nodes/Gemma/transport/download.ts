import { Failure } from '../failure';
import { hostOf, send, webAddress, type Reply } from './exchange';
import type { Network } from './network';
import { retryAfterMs } from './refusal';
import { startTimeLimit, type TimeLimit } from './timeLimit';

/** Bytes; NVIDIA's gateway takes no larger request either. */
const LARGEST_DOWNLOAD_BYTES = 25 * 1024 * 1024;
/** Seconds for one download, redirects included. */
const DOWNLOAD_SECONDS = 30;
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Downloads a file from a public address: no credential is sent, every redirect is checked by
 * n8n's egress filter, at most 25 MB and 30 seconds (or what is left of `limit`).
 *
 * @throws Failure naming the host, never the path or the query.
 */
export async function download(network: Network, url: string, limit: TimeLimit): Promise<Buffer> {
	const own = startTimeLimit(
		{ timeoutSeconds: DOWNLOAD_SECONDS, idleSeconds: DOWNLOAD_SECONDS },
		limit.signal,
	);
	limit.progress = 'a picture was being downloaded';
	try {
		return await readBytes(await follow(network, url, own), hostOf(url));
	} catch (error) {
		throw downloadFailure(error, url, limit);
	} finally {
		own.end();
	}
}

async function follow(network: Network, url: string, limit: TimeLimit): Promise<Reply> {
	let address = url;
	for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
		const headers = { accept: 'image/*', 'user-agent': 'n8n-nodes-gemma' };
		const reply = await send(
			network,
			{ method: 'GET', url: address, headers, as: 'foreign' },
			limit,
		);
		if (!REDIRECTS.has(reply.status)) return reply;
		reply.release();
		address = redirectTarget(reply.headers.location, address);
	}
	throw unusable(`${hostOf(url)} redirects more than ${MOST_REDIRECTS} times`, NO_LOGIN);
}

function redirectTarget(location: string | undefined, from: string): string {
	const target = webAddress(location, from);
	if (target) return target.href;
	throw unusable(`${hostOf(from)} redirects to something that is not a web address`, NO_LOGIN);
}

async function readBytes(reply: Reply, host: string): Promise<Buffer> {
	if (reply.status !== 200) {
		reply.release();
		const what = `${host} answered HTTP ${reply.status}`;
		const isPassing = reply.status === 429 || reply.status >= 500;
		if (!isPassing) throw unusable(what, NO_LOGIN);
		throw unusable(what, LATER, true, retryAfterMs(reply.headers['retry-after']));
	}
	const chunks: Uint8Array[] = [];
	let bytes = Number(reply.headers['content-length'] ?? 0);
	if (bytes <= LARGEST_DOWNLOAD_BYTES) {
		bytes = 0;
		for await (const chunk of reply.chunks()) {
			bytes += chunk.length;
			if (bytes > LARGEST_DOWNLOAD_BYTES) break;
			chunks.push(chunk);
		}
	}
	reply.release();
	if (bytes <= LARGEST_DOWNLOAD_BYTES) return Buffer.concat(chunks);
	throw unusable(
		`the file at ${host} is larger than 25 MB`,
		'Give the address of a smaller version of the picture.',
	);
}

const NO_LOGIN =
	'Open the address in a browser without being logged in: the node sends no credential. For a picture behind a login, fetch it with an HTTP Request node and use Binary Field(s).';

const LATER =
	'The host of the picture is overloaded or has a fault of its own: run the workflow again later, or fetch the picture with an HTTP Request node and use Binary Field(s).';

const unusable = (what: string, advice: string, transient = false, retryAfter?: number): Failure =>
	new Failure(
		{
			kind: 'input',
			field: 'URL(s)',
			...(retryAfter !== undefined && { retryAfterMs: retryAfter }),
		},
		`A picture could not be downloaded: ${what}`,
		advice,
		{ transient },
	);

function downloadFailure(error: unknown, url: string, limit: TimeLimit): unknown {
	// The item's own limit, or a stop, speaks for itself.
	if (limit.signal.aborted) return limit.signal.reason;
	if (!(error instanceof Failure)) return error;
	const { facts } = error;
	if (facts.kind === 'timeLimit') {
		return new Failure(
			{ kind: 'timeLimit', limit: 'download', seconds: DOWNLOAD_SECONDS },
			`A picture at ${hostOf(url)} did not arrive within ${DOWNLOAD_SECONDS} seconds`,
			'Try again, or fetch it with an HTTP Request node first and use Binary Field(s).',
			{ transient: true },
		);
	}
	if (facts.kind !== 'network') return error;
	return new Failure(facts, `A picture could not be downloaded: ${error.message}`, error.advice, {
		transient: error.transient,
	});
}
