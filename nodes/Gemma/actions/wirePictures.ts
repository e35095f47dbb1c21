import type { UploadedAsset, WirePictures } from '../conversation/wire';
import { inputFailure } from '../failure';
import { captions } from '../images/captions';
import { base64Characters, dataUri, type Picture } from '../images/picture';
import { INLINE_CHARACTERS } from '../images/road';
import { MOST_ASSETS } from '../transport/chat';
import type { TimeLimit } from '../transport/timeLimit';
import { UploadFailed } from './lessons';
import { picturesForRoad } from './pictureRoad';
import type { Question } from './question';
import { FEWER_ITEMS } from './scope';
import type { Session } from './session';

/**
 * The pictures of a question as their road needs them: in base64, or uploaded.
 *
 * @throws UploadFailed, or Failure of kind `input` when they are more than a request can hold.
 */
export async function wirePictures(
	session: Session,
	question: Question,
	limit: TimeLimit,
): Promise<{
	wire: WirePictures;
	/** Of all pictures together; 0 where they are up already. */
	bytes: number;
}> {
	const { assets: given, numbered } = question;
	if (given) return { wire: { road: 'asset', assets: withCaptions(given, numbered) }, bytes: 0 };
	const { road, pictures } = await picturesForRoad(session, question, limit);
	if (road === 'none') return { wire: { road }, bytes: 0 };
	const caption = captions(pictures, numbered);
	const bytes = pictures.reduce((sum, { length }) => sum + length, 0);
	if (road === 'inline') {
		if (numbered) assertSmall(session, question, pictures);
		const uris = await Promise.all(pictures.map(dataUri));
		const images = uris.map((uri, i) => ({ uri, caption: caption[i] }));
		return { wire: { road, images }, bytes };
	}
	if (pictures.length > MOST_ASSETS) throw tooManyAssets(pictures.length);
	limit.progress = 'a picture was being uploaded';
	const ids = await uploaded(session, pictures, question.options.maxRetries, limit);
	const assets = pictures.map(
		({ hash, mediaType }, i): UploadedAsset => ({
			id: ids.get(hash)!,
			mediaType,
			caption: caption[i],
		}),
	);
	return { wire: { road, assets }, bytes };
}

function withCaptions(assets: UploadedAsset[], numbered: boolean | undefined): UploadedAsset[] {
	if (!numbered) return assets;
	const caption = captions(
		assets.map(() => ({})),
		numbered,
	);
	return assets.map((asset, i) => ({ ...asset, caption: caption[i] }));
}

/** Ids by the hash of the picture. */
async function uploaded(
	session: Session,
	pictures: Picture[],
	maxRetries: number,
	limit: TimeLimit,
): Promise<Map<string, string>> {
	const ids = new Map<string, string>();
	for (const picture of pictures) {
		const upload = session.uploads.idOf(picture, maxRetries, limit);
		ids.set(picture.hash, await upload.catch((error: unknown) => UploadFailed.from(error)));
	}
	return ids;
}

/**
 * Refuses an album above what NVIDIA documents as its limit. Where assets would have held it and
 * do not work, nothing is left but to try.
 */
function assertSmall({ connection }: Session, { options }: Question, pictures: Picture[]): void {
	const characters = base64Characters(pictures);
	if (connection.server !== 'nvidia' || characters <= INLINE_CHARACTERS) return;
	if (options.imageTransfer === 'auto' && pictures.length <= MOST_ASSETS) return;
	throw inputFailure(
		'Scope',
		`The ${pictures.length} pictures make ${characters} characters in one request; NVIDIA takes ${INLINE_CHARACTERS} inline, or ${MOST_ASSETS} pictures as assets`,
		FEWER_ITEMS,
	);
}

const tooManyAssets = (count: number) =>
	inputFailure(
		'Image Transfer',
		`There are ${count} pictures for one request, crops counted, and it can name at most ${MOST_ASSETS} assets`,
		'Set Image Transfer to Auto or Inline under Options, lower Max Crops, or split the pictures over several items.',
	);
