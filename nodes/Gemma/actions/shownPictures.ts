import { asCaught, Caught, inputFailure } from '../failure';
import { tokensPerPicture } from '../gemma';
import type { Picture } from '../images/picture';
import type { TimeLimit } from '../transport/timeLimit';
import { givenAssets } from './givenAssets';
import type { Options } from './options';
import { itemPictures } from './pictures';
import type { Question } from './question';
import { ItemFailed, type Work } from './work';

type Shown = Pick<Question, 'pictures' | 'assets' | 'numbered'>;

/**
 * What the model is shown: the pictures of the item, or of all items one after the other.
 *
 * @throws Failure, or ItemFailed for one item of several.
 */
export async function shownPictures(
	work: Work,
	model: string,
	options: Options,
	limit: TimeLimit,
): Promise<Shown> {
	const { context, session, items, itemIndex } = work;
	if (context.getNodeParameter('imageInput', itemIndex, 'binary') === 'asset') {
		const assets = await givenAssets(context, items, session, options.maxRetries, limit);
		return { pictures: [], assets };
	}
	const pictures: Picture[] = [];
	for (const item of items) {
		const own = await itemPictures(context, item, session, { ...options, model }, limit).catch(
			asCaught,
		);
		if (!(own instanceof Caught)) pictures.push(...own);
		else throw items.length > 1 ? new ItemFailed(item, own.error) : own.error;
	}
	if (items.length === 1) return { pictures };
	const held = session.contexts.of(model, options.contextTokens);
	assertFits(pictures.length, model, held - options.sampling.max_tokens, items.length);
	return { pictures, numbered: true };
}

function assertFits(pictures: number, model: string, room: number, items: number): void {
	const each = tokensPerPicture(model);
	if (pictures * each <= room) return;
	throw inputFailure(
		'Scope',
		`The ${pictures} pictures of ${items} items take ${pictures * each} tokens (${each} each), and beside the reply the context has room for ${room}`,
		'Send fewer items to this node, for example with a Loop Over Items node, or set Scope to Each Item.',
	);
}
