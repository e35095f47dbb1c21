import { toMessages, type WirePictures } from '../conversation/wire';
import { asCaught, Caught } from '../failure';
import { picturesUnseen } from '../reply/hints';
import { addUsage } from '../reply/usage';
import type { ChatRequest, Completion, Usage } from '../transport/api';
import { complete } from '../transport/chat';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';
import { failureFor, learnFrom, noteFallback } from './lessons';
import { goesAnyRoad, picturesIn, type Answer, type Attempt, type Question } from './question';
import type { Session } from './session';
import { wirePictures } from './wirePictures';

/**
 * Gets the completion of one item. When the server refuses something that can be asked otherwise
 * (`stream_options`, the system role, the road of a picture), it is asked again that way, once for
 * each, and the run remembers.
 *
 * @throws Failure.
 */
export async function ask(session: Session, question: Question, limit: TimeLimit): Promise<Answer> {
	let spent: Usage | undefined;
	for (;;) {
		const attempt: Partial<Attempt> = {};
		const outcome = await tryOnce(session, question, limit, attempt).catch(asCaught);
		if (outcome instanceof Caught) {
			if (learnFrom(outcome.error, session, question, attempt)) continue;
			throw await failureFor(outcome.error, session, question);
		}
		session.totals.countUsage(outcome.usage);
		const completion = addUsage(outcome, spent);
		noteFallback(session, question);
		const { model } = question;
		const unseen = picturesUnseen(outcome, { model, pictures: picturesIn(question) });
		if (!unseen || !mayGoUnseen(question, attempt.road)) {
			return { completion, ownUsage: outcome.usage, byAsset: attempt.road === 'asset' };
		}
		session.roads.learnAssetsUnseen(question.model);
		spent = completion.usage;
	}
}

/** Whether the pictures may not be seen, which only the end of the reply tells, and then go another way. */
const mayGoUnseen = (question: Question, road: Attempt['road'] | undefined) =>
	road === 'asset' && goesAnyRoad(question);

async function tryOnce(
	session: Session,
	question: Question,
	limit: TimeLimit,
	attempt: Partial<Attempt>,
): Promise<Completion> {
	const { conversation, options, chat } = question;
	if (session.goneModels.has(question.model) && options.fallbackModel) {
		question.model = options.fallbackModel;
	}
	const { model } = question;
	const { wire, bytes } = await wirePictures(session, question, limit);
	attempt.road = wire.road;
	attempt.foldSystem =
		options.systemPlacement === 'user' ||
		(options.systemPlacement === 'auto' && session.foldSystemFor.has(model));
	const request = requestBody(
		session,
		question,
		toMessages(conversation, attempt.foldSystem, wire),
	);
	const assetIds = wire.road === 'asset' ? [...new Set(wire.assets.map(({ id }) => id))] : [];
	attempt.request = request;
	const { network, connection, gate } = session;
	const { maxRetries } = options;
	let attempts = 0;
	const once = async () => {
		if (attempts === 0) countPictures(session, wire, bytes);
		session.totals.countRequest(attempts++);
		const onText = mayGoUnseen(question, wire.road) ? undefined : chat?.listener();
		const completing = complete(network, connection, request, {
			...{ assetIds, maxRetries, limit },
			...(onText && { onText }),
		});
		return chat ? await completing.catch((error: unknown) => chat.failed(error)) : await completing;
	};
	return await withRetries(once, maxRetries, limit, gate);
}

function countPictures({ totals }: Session, wire: WirePictures, bytes: number): void {
	if (wire.road === 'inline') totals.countPictures('inline', wire.images.length, bytes);
	if (wire.road === 'asset') totals.countPictures('asset', wire.assets.length, bytes);
}

/** Own fields first, then Additional Body: it may override every one of them. */
function requestBody(
	session: Session,
	question: Question,
	messages: ChatRequest['messages'],
): ChatRequest {
	const { model, options } = question;
	const { sampling, stream, additionalBody } = options;
	const merged = {
		model,
		messages,
		...sampling,
		...responseFormat(session, question),
		stream,
		...additionalBody,
	};
	const given = Object.entries(merged).filter(([, value]) => value !== null);
	const request = Object.fromEntries(given) as unknown as ChatRequest;
	const wantsUsage =
		request.stream && !session.streamOptionsRefused && !('stream_options' in additionalBody);
	return wantsUsage ? { ...request, stream_options: { include_usage: true } } : request;
}

/** Servers that know it hold the model to the schema while it writes. */
function responseFormat(session: Session, { model, format }: Question) {
	if (format.kind !== 'schema' || session.responseFormatRefusedBy.has(model)) return {};
	const { schema } = format;
	return { response_format: { type: 'json_schema', json_schema: { name: 'reply', schema } } };
}
