import { Failure } from '../failure';
import type { Completion } from './api';
import { readCompletion } from './completionReply';
import type { Connection } from './connection';
import { send, webAddress, type Reply } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import { withRetries } from './retry';
import { pause, type TimeLimit } from './timeLimit';

/** NVIDIA asks to poll at most once a second. */
const POLL_MS = 1000;

/**
 * Waits for a result that NVIDIA put off with 202 and `NVCF-REQID`.
 *
 * @throws Failure as `complete` does.
 */
export async function pollResult(
	network: Network,
	connection: Connection,
	pending: Reply,
	maxRetries: number,
	limit: TimeLimit,
): Promise<Completion> {
	pending.release();
	const id = pending.headers['nvcf-reqid'];
	if (!id) throw lostPending('gave no ID to fetch the result with');
	if (!connection.nvcfUrl) throw lostPending("only NVIDIA's API tells where the result will be");
	const url = `${connection.nvcfUrl}/pexec/status/${encodeURIComponent(id)}`;
	for (;;) {
		limit.progress = 'the request was still pending on the server';
		await pause(POLL_MS, limit);
		const ask = async () => await askOnce(network, connection, url, limit);
		const result = await withRetries(ask, maxRetries, limit);
		if (result) return result;
	}
}

/** @returns nothing while the result is still pending. */
async function askOnce(
	network: Network,
	connection: Connection,
	url: string,
	limit: TimeLimit,
): Promise<Completion | undefined> {
	const headers = { ...connection.nvcfHeaders, accept: 'text/event-stream, application/json' };
	const reply = await send(network, { method: 'GET', url, headers, as: 'own' }, limit);
	if (reply.status === 200) return await readCompletion(reply, limit);
	if (reply.status === 302) return await fetchStored(network, connection, reply, limit);
	if (reply.status !== 202) throw await refusedResult(reply);
	reply.release();
	return undefined;
}

/** A large result lies on a storage host: fetched from there without the key. */
async function fetchStored(
	network: Network,
	connection: Connection,
	redirect: Reply,
	limit: TimeLimit,
): Promise<Completion> {
	redirect.release();
	const url = webAddress(redirect.headers.location, connection.nvcfUrl)?.href;
	if (!url) throw lostPending('did not say where its result lies');
	connection.redactor.hideUrl(url);
	const reply = await send(
		network,
		{
			method: 'GET',
			url,
			headers: { accept: 'text/event-stream, application/json' },
			as: 'foreign',
		},
		limit,
	);
	if (reply.status !== 200) throw await refusedResult(reply);
	return await readCompletion(reply, limit);
}

const RUN_AGAIN =
	'Run the workflow again; if it happens every time, the server is not the API that the credential names.';

/** What is not found here is the result, not the model that the request named. */
async function refusedResult(reply: Reply): Promise<Failure> {
	const failure = await refusal(reply);
	const { facts, message } = failure;
	const isOther = facts.kind !== 'refused' || !['path', 'model'].includes(facts.cause);
	if (isOther) return failure;
	return new Failure({ ...facts, cause: 'request' }, message, RUN_AGAIN);
}

/** A pending reply that cannot be fetched. */
const lostPending = (why: string): Failure =>
	new Failure(
		{ kind: 'brokenReply', status: 202 },
		`The server accepted the request for later (HTTP 202), but ${why}`,
		RUN_AGAIN,
		{ transient: true },
	);
