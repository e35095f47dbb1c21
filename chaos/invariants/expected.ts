import type { LoggedRequest } from '../../sandbox';
import { toAnswer } from '../../sandbox/chat/answer';
import { toChoice } from '../../sandbox/chat/completion';
import { toFormat } from '../../sandbox/chat/format';
import { toMessages } from '../../sandbox/chat/messages';
import { toSettings } from '../../sandbox/settings';
import type { Observation } from '../observation';

/** The reply that belongs to a chat request. */
export interface Expected {
	text: string;
	finishReason: string;
	model: unknown;
}

/** What the sandbox answers to this request when nothing goes wrong. */
export function expectedReply(
	{ body, headers }: LoggedRequest,
	itemIndex: number,
	{ plan, pictures }: Observation,
): Expected {
	const fields = body as Record<string, unknown>;
	const { messages, model, max_tokens: maxTokens } = fields;
	const settings = toSettings(plan.sandbox);
	const isUnseen = settings.ignoresAssets && 'nvcf-input-asset-references' in headers;
	const seen = plan.items[itemIndex].pictures.map((number) => pictures[number].seen);
	const format = toFormat(fields.response_format, undefined);
	const answer = toAnswer(toMessages(messages, settings), isUnseen ? [] : seen, format);
	const { tokens, finishReason } = toChoice(answer, [], Number(maxTokens));
	return { text: tokens.join(''), finishReason, model };
}
