import { inputFailure } from '../failure';
import { tokensPerPicture } from '../gemma';
import { forgetPixels, type Picture } from '../images/picture';
import { MOST_ASSETS } from '../transport/chat';
import type { TimeLimit } from '../transport/timeLimit';
import { givenAssets } from './givenAssets';
import type { Options } from './options';
import { itemPictures } from './pictures';
import type { Question } from './question';
import { FEWER_ITEMS } from './scope';
import { choiceValue } from './values';
import { forItem, type Work } from './work';

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
	const given = context.getNodeParameter('imageInput', itemIndex, 'binary');
	const input = choiceValue('Image Input', given, ['binary', 'allBinary', 'url', 'asset']);
	const numbered = items.length > 1;
	if (input === 'asset') {
		const assets = await givenAssets(work, options.maxRetries, limit);
		if (numbered) assertFits(assets.length, work, model, options);
		return { pictures: [], assets, numbered };
	}
	const pictures: Picture[] = [];
	for (const [done, item] of items.entries()) {
		// What cannot fit is not worth its reading: each item that waits has one picture at least.
		const least = pictures.length + items.length - done;
		if (numbered) assertFits(least, work, model, options);
		const about = { ...options, input, model };
		const read = async () => await itemPictures(context, item, session, about, limit);
		const own = await forItem(items, item, read);
		if (items.length > MOST_ASSETS) forgetPixels(own);
		pictures.push(...own);
	}
	if (numbered) assertFits(pictures.length, work, model, options);
	return { pictures, numbered };
}

function assertFits(pictures: number, { session, items }: Work, model: string, options: Options) {
	const held = session.contexts.of(model, options.contextTokens);
	const room = held - options.sampling.max_tokens;
	const each = tokensPerPicture(model);
	if (pictures * each <= room) return;
	throw inputFailure(
		'Scope',
		`The ${pictures} pictures of ${items.length} items take ${pictures * each} tokens (${each} each), and beside the reply the context has room for ${room}`,
		FEWER_ITEMS,
	);
}
