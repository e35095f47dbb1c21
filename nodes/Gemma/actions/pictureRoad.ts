import { seesOneSquare } from '../gemma';
import { fitInline } from '../images/fit';
import { base64Characters, forgetPixels, type Picture } from '../images/picture';
import { INLINE_CHARACTERS } from '../images/road';
import { MOST_ASSETS } from '../transport/chat';
import type { TimeLimit } from '../transport/timeLimit';
import type { Attempt, Question } from './question';
import type { Session } from './session';

interface Chosen {
	road: Attempt['road'];
	pictures: Picture[];
}

/**
 * Decides how the pictures of a question travel, and in what size. Assets exist on NVIDIA only;
 * there `auto` first tries to bring the pictures under the documented limit for inline ones.
 *
 * @throws the limit's own reason.
 */
export async function picturesForRoad(
	session: Session,
	question: Question,
	limit: TimeLimit,
): Promise<Chosen> {
	const chosen = await choose(session, question, limit);
	// Only to fit them were the pixels kept, and an item may wait for its reply for minutes.
	forgetPixels(question.pictures);
	return chosen;
}

async function choose(session: Session, question: Question, limit: TimeLimit): Promise<Chosen> {
	const { model, options, pictures } = question;
	if (pictures.length === 0) return { road: 'none', pictures };
	if (session.connection.server !== 'nvidia') return { road: 'inline', pictures };
	if (options.imageTransfer !== 'auto') return { road: options.imageTransfer, pictures };
	if (options.imageDetail !== 'original') {
		question.fitted ??= await session.preparing.passAgain(
			limit,
			async () => await fitInline(pictures, INLINE_CHARACTERS, seesOneSquare(model)),
		);
	}
	const fitted = question.fitted ?? pictures;
	const characters = base64Characters(fitted);
	const road = session.roads.road(model, characters, pictures.length, MOST_ASSETS);
	// What goes as an asset need not be made smaller than the model sees it.
	return { road, pictures: road === 'inline' ? fitted : pictures };
}
