import { randomUUID } from 'node:crypto';
import { findModel, type Model } from '../models';
import { badRequest, Refusal } from '../refusal';
import { json, type Reply } from '../reply';
import type { ReceivedRequest } from '../received';
import type { SandboxState } from '../state';
import { isObject, parseJson } from '../values';
import { toAnswer } from './answer';
import { toChoice, toCompletion, toJsonBody, type Completion } from './completion';
import { checkContext } from './context';
import { toChatFields, type ChatFields } from './fields';
import { toMessages, type Message } from './messages';
import { checkInlineLimit, toPicture, toReferences } from './pictures';
import { toStream } from './stream';
import { promptTokens } from './tokens';

/** llama.cpp's words for a picture sent to a model without eyes. */
const NO_IMAGES =
	'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj';

function checkAbilities(model: Model, messages: Message[]): void {
	if (!model.system && messages[0].role === 'system') {
		throw badRequest('System role not supported', 'messages');
	}
	if (!model.images && messages.some(({ pictures }) => pictures.length > 0)) {
		const error = { code: 500, message: NO_IMAGES, type: 'server_error' };
		throw new Refusal(json(500, { error }));
	}
}

function toReply(completion: Completion, fields: ChatFields, state: SandboxState): Reply {
	const { firstTokenMs, tokensPerSecond } = state.settings;
	const headers = { 'nvcf-reqid': randomUUID(), 'nvcf-status': 'fulfilled' };
	if (fields.stream) {
		return {
			status: 200,
			headers: {
				...headers,
				'content-type': 'text/event-stream; charset=utf-8',
				'cache-control': 'no-cache',
			},
			body: toStream(completion, fields.includeUsage, { firstTokenMs, tokensPerSecond }),
		};
	}
	const longest = Math.max(...completion.choices.map(({ tokens }) => tokens.length));
	return {
		...json(200, toJsonBody(completion), headers),
		delayMs: firstTokenMs + (longest / tokensPerSecond) * 1000,
	};
}

/**
 * `POST /v1/chat/completions`.
 *
 * @throws Refusal for every rule of the API that the request breaks
 */
export async function completeChat(request: ReceivedRequest, state: SandboxState): Promise<Reply> {
	const { settings, assets } = state;
	const body = parseJson(request.body.toString());
	if (!isObject(body)) throw badRequest('The body is not a JSON object');
	const fields = toChatFields(body, settings);
	const model = findModel(fields.model);
	const messages = toMessages(fields.messages, settings);
	checkAbilities(model, messages);

	const header = request.headers['nvcf-input-asset-references'];
	const references = toReferences(Array.isArray(header) ? header.join() : header, assets);
	const named = messages.flatMap((message) => message.pictures);
	checkInlineLimit(named, settings.inlineLimit);
	const pictures = await Promise.all(
		named.map((reference) => toPicture(reference, references, assets)),
	);

	const readTokens = checkContext(promptTokens(messages), fields.maxTokens, settings);
	const answer = toAnswer(messages, pictures, fields.format);
	const choices = Array.from({ length: fields.choices }, () =>
		toChoice(answer, fields.stop, fields.maxTokens),
	);
	const completion = toCompletion(fields.model, choices, readTokens, settings.clock());
	return toReply(completion, fields, state);
}
