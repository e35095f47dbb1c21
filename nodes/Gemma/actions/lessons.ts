import { Failure, isItemsOwnEnd, refusalCause } from '../failure';
import { isGemma } from '../gemma';
import { MOST_ASSETS } from '../transport/chat';
import { BrokenOff } from './chatStream';
import { goesAnyRoad, type Attempt, type Question } from './question';
import type { Session } from './session';

/** An upload failed, as opposed to the question itself. */
export class UploadFailed extends Error {
	/** @throws always. */
	static from(cause: unknown): never {
		throw new UploadFailed('The upload of a picture failed', { cause });
	}
}

/**
 * Reads out of a failure what can be asked otherwise, and remembers it for the rest of the run.
 *
 * @returns whether the next attempt will differ from this one.
 */
export function learnFrom(
	error: unknown,
	session: Session,
	question: Question,
	attempt: Partial<Attempt>,
): boolean {
	const { model, options, pictures, conversation } = question;
	const onAutoRoad = goesAnyRoad(question) && session.connection.server === 'nvidia';
	if (error instanceof UploadFailed) {
		if (!onAutoRoad || isItemsOwnEnd(error.cause)) return false;
		session.roads.learnAssetApiDown();
		return session.roads.inlineMayWork(model);
	}
	switch (refusalCause(error)) {
		case 'streamOptions':
			if (!attempt.request?.stream_options || 'stream_options' in options.additionalBody)
				return false;
			session.streamOptionsRefused = true;
			return true;
		case 'responseFormat':
			if (!attempt.request?.response_format || 'response_format' in options.additionalBody)
				return false;
			session.responseFormatRefusedBy.add(model);
			return true;
		case 'systemRole':
			if (options.systemPlacement !== 'auto' || attempt.foldSystem || !conversation.system)
				return false;
			session.foldSystemFor.add(model);
			return true;
		case 'size':
			if (!onAutoRoad || attempt.road !== 'inline') return false;
			session.roads.learnInlineTooLarge(model);
			return session.roads.assetsMayWork(model, pictures.length, MOST_ASSETS);
		case 'asset':
			if (!onAutoRoad || attempt.road !== 'asset') return false;
			session.roads.learnAssetsUnseen(model);
			return true;
		case 'model':
		case 'path':
			return takesFallback(session, question);
		default:
			return false;
	}
}

function takesFallback(session: Session, { model, options: { fallbackModel } }: Question): boolean {
	if (!fallbackModel || fallbackModel === model) return false;
	session.goneModels.add(model);
	return true;
}

/** Tells, once it has answered, that the fallback stood in. */
export function noteFallback({ goneModels, hints }: Session, { model, options }: Question): void {
	if (goneModels.size === 0 || model !== options.fallbackModel) return;
	const gone = [...goneModels].join(', ');
	hints.add(
		`${gone} is retired or unknown to this server, so ${model} answered in its place: pick another Model in this node.`,
	);
}

/** The failure that the user reads: that of an upload itself, that of a missing model with the models there are. */
export async function failureFor(
	error: unknown,
	session: Session,
	question: Question,
): Promise<unknown> {
	const { model } = question;
	if (error instanceof BrokenOff) return error.cause;
	if (error instanceof UploadFailed) return orInline(error.cause, question);
	if (refusalCause(error) === 'asset' && question.assets) return notByAsset(error as Failure);
	if (refusalCause(error) !== 'model' && refusalCause(error) !== 'path') return error;
	const { facts, message, advice } = error as Failure;
	const models = await session.models();
	const gemmas = models.map(({ id }) => id).filter((id) => isGemma(id) && id !== model);
	if (gemmas.length === 0) return error;
	return new Failure(
		facts,
		message,
		`${advice} Gemma models that this server offers: ${gemmas.join(', ')}.`,
	);
}

/** Where the user chose that pictures are uploaded, there is another choice. */
function orInline(error: unknown, { options }: Question): unknown {
	if (!(error instanceof Failure) || options.imageTransfer !== 'asset') return error;
	const { facts, message, advice, transient } = error;
	const isAssetApis = facts.kind === 'brokenReply' || refusalCause(error) === 'asset';
	if (!isAssetApis) return error;
	const more = `${advice} Or set Image Transfer to Inline under Options.`;
	return new Failure(facts, message, more, { transient });
}

const notByAsset = ({ facts, message }: Failure) =>
	new Failure(
		facts,
		message,
		'The model could not use the asset, which some no longer can, or it is gone: upload the picture again, or set Image Input to Binary Field(s) or URL(s).',
	);
