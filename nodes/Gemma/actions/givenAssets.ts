import type { UploadedAsset } from '../conversation/wire';
import { inputFailure, shown } from '../failure';
import { assetIds } from '../images/assetIds';
import { getAsset } from '../transport/assetRecords';
import { MOST_ASSETS } from '../transport/chat';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';
import { assertAssetsExist } from './asset/onNvidia';
import { FEWER_ITEMS } from './scope';
import { forItem, type Work } from './work';

const FIELD = 'Asset ID(s)';

/**
 * The pictures that are up already and that the items name by their ids. The asset API is asked for
 * what they are, once a run each: an id that does not exist is told before the model is asked.
 *
 * @throws Failure, or ItemFailed for one item of several.
 */
export async function givenAssets(
	{ context, items, session }: Work,
	maxRetries: number,
	limit: TimeLimit,
): Promise<UploadedAsset[]> {
	assertAssetsExist(session);
	const ids: string[] = [];
	for (const item of items) {
		const read = async () => assetIds(FIELD, context.getNodeParameter('assetIds', item, ''));
		ids.push(...(await forItem(items, item, read)));
	}
	if (ids.length > MOST_ASSETS) throw tooMany(ids.length, items.length);
	const { network, connection, givenTypes } = session;
	const typeOf = async (id: string) => {
		const once = async () => (await getAsset(network, connection, id, limit)).contentType ?? '';
		return await givenTypes.of(id, limit, async () => withRetries(once, maxRetries, limit));
	};
	const asked = await Promise.allSettled(ids.map(typeOf));
	return asked.map((type, at) => {
		if (type.status === 'rejected') throw type.reason;
		return { id: ids[at], mediaType: picture(ids[at], type.value) };
	});
}

function picture(id: string, contentType: string): string {
	if (/^image\/(png|jpe?g)$/.test(contentType)) return contentType;
	throw inputFailure(
		FIELD,
		`The asset ${id} is no picture that Gemma takes: its type is "${shown(contentType)}"`,
		'Upload a picture with the operation Upload Asset, which makes a PNG or JPEG of it.',
	);
}

const tooMany = (ids: number, items: number) =>
	inputFailure(
		FIELD,
		`${FIELD} holds ${ids} IDs, and a request can name at most ${MOST_ASSETS} assets`,
		items > 1 ? FEWER_ITEMS : 'Split them over several items.',
	);
