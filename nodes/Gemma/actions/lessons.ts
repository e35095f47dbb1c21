import { Failure, refusalCause } from '../failure';
import { isGemma } from '../gemma';
import { MOST_ASSETS } from '../transport/chat';
import { listModels } from '../transport/models';
import type { TimeLimit } from '../transport/timeLimit';
import type { Attempt, Question } from './question';
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
	const onAutoRoad = options.imageTransfer === 'auto' && session.connection.server === 'nvidia';
	if (error instanceof UploadFailed) {
		if (!onAutoRoad || !isServersFault(error.cause)) return false;
		session.roads.learnAssetApiDown();
		return true;
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
	session.hints.add(
		`The model ${model} is retired or unknown to this server, so ${fallbackModel} answered in its place: pick another Model in this node.`,
	);
	return true;
}

/** The failure that the user reads: that of an upload itself, that of a missing model with the models there are. */
export async function failureFor(
	error: unknown,
	session: Session,
	{ model }: Question,
	limit: TimeLimit,
): Promise<unknown> {
	if (error instanceof UploadFailed) return error.cause;
	if (refusalCause(error) !== 'model' && refusalCause(error) !== 'path') return error;
	const { facts, message, advice } = error as Failure;
	const models = await listModels(session.network, session.connection, limit).catch(() => []);
	const gemmas = models.map(({ id }) => id).filter((id) => isGemma(id) && id !== model);
	if (gemmas.length === 0) return error;
	return new Failure(
		facts,
		message,
		`${advice} Gemma models that this server offers: ${gemmas.join(', ')}.`,
	);
}

/** The user's own limits and stops end the item; everything else leaves the inline road open. */
function isServersFault(error: unknown): boolean {
	return (
		error instanceof Failure && error.facts.kind !== 'timeLimit' && error.facts.kind !== 'cancelled'
	);
}
