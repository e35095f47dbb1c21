import type { ChatRequest, Completion } from './api';
import { readCompletion } from './completionReply';
import type { Connection } from './connection';
import { send } from './exchange';
import type { Network } from './network';
import { pollResult } from './polling';
import { refusal } from './refusal';
import type { TimeLimit } from './timeLimit';

/** Assets that a request may name, by the API's limit of 370 characters on the header. */
export const MOST_ASSETS = 10;

export interface CompleteOptions {
	/** Ids that the messages refer to; at most 10. */
	assetIds: string[];
	/** Of each poll for a pending result; the request itself is sent once. */
	maxRetries: number;
	limit: TimeLimit;
	/** Called with each piece of choice 0's text that a stream brings. */
	onText?: (delta: string) => void;
}

/**
 * Asks for one completion and waits for the whole of it, polling where the server says that the
 * result is pending.
 *
 * @throws Failure of any kind but `input`.
 */
export async function complete(
	network: Network,
	connection: Connection,
	request: ChatRequest,
	{ assetIds, maxRetries, limit, onText }: CompleteOptions,
): Promise<Completion> {
	limit.progress = 'the server had not begun to reply';
	const reply = await send(
		network,
		{
			method: 'POST',
			url: `${connection.baseUrl}/chat/completions`,
			headers: {
				...connection.baseHeaders,
				accept: request.stream ? 'text/event-stream, application/json' : 'application/json',
				'content-type': 'application/json',
				...(assetIds.length > 0 && { 'nvcf-input-asset-references': assetIds.join(',') }),
			},
			body: JSON.stringify(request),
			as: 'own',
		},
		limit,
	);
	if (reply.status === 202) return await pollResult(network, connection, reply, maxRetries, limit);
	if (reply.status < 200 || reply.status >= 300) throw await refusal(reply);
	const choices = typeof request.n === 'number' ? request.n : 1;
	return await readCompletion(reply, limit, onText, choices);
}
