import sharp from 'sharp';
import type { AssetStore } from '../assets';
import { badRequest } from '../refusal';
import { mainColour } from './colour';
import type { PictureReference } from './media';

const MOST_REFERENCES = 10;
const LONGEST_REFERENCES = 370;
const NOT_BASE64 = /[^A-Za-z0-9+/]/;
const MAGIC = {
	png: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
	jpeg: Buffer.from([0xff, 0xd8, 0xff]),
};

/** What can be told of a picture without a model. */
export interface Picture {
	format: 'PNG' | 'JPEG';
	width: number;
	height: number;
	bytes: number;
	colour: string;
}

/**
 * Reads the header `NVCF-INPUT-ASSET-REFERENCES`.
 *
 * @throws Refusal 400 above 10 ids or 370 characters, 404 for an id that does not exist, 400 for
 * one that was never uploaded
 */
export function toReferences(header: string | undefined, store: AssetStore): string[] {
	if (header === undefined) return [];
	const ids = header.split(',').map((id) => id.trim());
	if (ids.length > MOST_REFERENCES || header.length > LONGEST_REFERENCES) {
		throw badRequest(
			`NVCF-INPUT-ASSET-REFERENCES holds ${ids.length} ids in ${header.length} characters; ` +
				`at most ${MOST_REFERENCES} ids and ${LONGEST_REFERENCES} characters are allowed`,
		);
	}
	for (const id of ids) {
		if (!store.get(id).uploaded) throw badRequest(`Asset '${id}' was created but never uploaded`);
	}
	return ids;
}

/** @throws Refusal 400 when inline base64 passes the limit of one request */
export function checkInlineLimit(pictures: PictureReference[], limit: number): void {
	const length = pictures.reduce(
		(sum, picture) => sum + (picture.kind === 'inline' ? picture.base64.length : 0),
		0,
	);
	if (length > limit) {
		throw badRequest(
			`The images hold ${length} characters of base64; the limit is ${limit}. ` +
				'To use larger images, upload them as assets',
			'messages',
		);
	}
}

function bytesOf(picture: PictureReference, references: string[], store: AssetStore): Buffer {
	if (picture.kind === 'inline') {
		const { base64 } = picture;
		const digits = base64.replace(/={1,2}$/, '');
		if (base64.length % 4 !== 0 || digits === '' || NOT_BASE64.test(digits)) {
			throw badRequest('The image is not valid base64', 'messages');
		}
		return Buffer.from(base64, 'base64');
	}
	if (!references.includes(picture.id)) {
		throw badRequest(
			`Asset '${picture.id}' is not listed in the header NVCF-INPUT-ASSET-REFERENCES`,
			'messages',
		);
	}
	const { contentType, bytes } = store.get(picture.id);
	if (contentType !== picture.mediaType) {
		throw badRequest(
			`Asset '${picture.id}' is ${contentType}, not ${picture.mediaType}`,
			'messages',
		);
	}
	return bytes ?? Buffer.alloc(0);
}

async function measure(bytes: Buffer): Promise<Omit<Picture, 'format' | 'bytes'> | undefined> {
	try {
		const { width, height } = await sharp(bytes).metadata();
		const pixels = await sharp(bytes, { failOn: 'error' })
			// As servers do: what was see-through shows the colour that lies under it.
			.removeAlpha()
			.toColourspace('srgb')
			.resize(64, 64, { fit: 'fill', kernel: 'nearest' })
			.raw()
			.toBuffer();
		return { width, height, colour: mainColour(pixels) };
	} catch {
		return undefined;
	}
}

/**
 * Decodes a picture.
 *
 * @throws Refusal 400 when it is not what its media type says, by its first bytes and by decoding
 */
export async function toPicture(
	reference: PictureReference,
	references: string[],
	store: AssetStore,
): Promise<Picture> {
	const bytes = bytesOf(reference, references, store);
	const type = reference.mediaType === 'image/png' ? 'png' : 'jpeg';
	const magic = MAGIC[type];
	const measured = bytes.subarray(0, magic.length).equals(magic) && (await measure(bytes));
	if (!measured) {
		throw badRequest(`The image cannot be decoded as ${reference.mediaType}`, 'messages');
	}
	return { format: type === 'png' ? 'PNG' : 'JPEG', bytes: bytes.length, ...measured };
}
