import { Failure, refusalCause } from '../failure';
import { MOST_ASSETS } from '../transport/chat';
import type { Attempt, Question } from './ask';
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
			if (!attempt.request?.stream_options || session.streamOptionsRefused) return false;
			session.streamOptionsRefused = true;
			return !('stream_options' in options.additionalBody);
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
		default:
			return false;
	}
}

/** The user's own limits and stops end the item; everything else leaves the inline road open. */
function isServersFault(error: unknown): boolean {
	return (
		error instanceof Failure && error.facts.kind !== 'timeLimit' && error.facts.kind !== 'cancelled'
	);
}
