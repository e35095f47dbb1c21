import { asCaught, Caught, Failure } from '../failure';
import type { Completion } from './api';
import type { Reply } from './exchange';
import { readToLastWord } from './lastWord';
import { ReplyReader } from './replyReader';
import type { TimeLimit } from './timeLimit';

/**
 * Reads a completion, streamed or whole: what the body is decides, not what was asked for or what
 * the content type claims.
 *
 * @param onText is called with each piece of choice 0's text as it comes; never for a whole reply.
 * @param choices how many were asked for: the next may begin long after one has ended.
 * @throws Failure `brokenReply` (cut off, or no completion), `refused` (an error in the middle),
 * `network`, `timeLimit` or `cancelled`.
 */
export async function readCompletion(
	reply: Reply,
	limit: TimeLimit,
	onText?: (delta: string) => void,
	choices = 1,
): Promise<Completion> {
	const requestId = reply.headers['nvcf-reqid'] ?? reply.headers['x-request-id'];
	const reader = new ReplyReader(limit, reply.status, requestId, choices, onText);
	const outcome = await readToLastWord(reader, reply).catch(asCaught);
	reply.release();
	// What happens behind the last word has lost nothing.
	const lostNothing = outcome instanceof Caught && isLoss(outcome.error) && reader.isWhole;
	if (outcome instanceof Caught && !lostNothing) throw outcome.error;
	return reader.completion();
}

/** Whether a failure only says that no more came; a stop is the user's word. */
const isLoss = (error: unknown) =>
	error instanceof Failure && ['network', 'timeLimit'].includes(error.facts.kind);
