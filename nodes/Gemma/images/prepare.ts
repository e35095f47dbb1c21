import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import { MODEL_SIDE, type MediaType } from '../gemma';
import { inMemory, type Picture } from './picture';
import {
	decode,
	encodeJpeg,
	encodePng,
	probe,
	readSize,
	SharpMissing,
	type Encoded,
	type Raster,
	type RasterSize,
} from './raster';
import { sniff, SNIFF_BYTES, type Sniffed } from './sniff';
import { damaged, notAPicture, notConvertible, type Origin } from './unreadable';

const QUALITY = 90;

/**
 * Makes a picture that Gemma accepts out of any bytes: PNG and JPEG pass, other rasters are
 * converted, turned photos are set upright, what is see-through is laid over white, and what is
 * larger than the model sees is scaled down.
 *
 * @param detail `original` sends PNG and JPEG as they came and scales nothing.
 * @throws Failure of kind `input` that names what the bytes are.
 */
export async function preparePicture(
	bytes: Buffer,
	detail: 'auto' | 'original',
	origin: Origin,
): Promise<Picture> {
	const [picture] = await readPicture(bytes, origin, async (sniffed) => [
		await convert(bytes, sniffed, detail),
	]);
	return picture;
}

/**
 * Does work that decodes a picture. Without sharp, PNG and JPEG are given back untouched.
 *
 * @throws Failure of kind `input` that names what the bytes are.
 */
export async function readPicture(
	bytes: Buffer,
	origin: Origin,
	work: (sniffed: ReadableKind) => Promise<Picture[]>,
): Promise<Picture[]> {
	const sniffed = await sniff(bytes);
	if (sniffed.kind === 'foreignPicture' || sniffed.kind === 'other') {
		throw notAPicture(origin, sniffed.name);
	}
	try {
		return await work(sniffed);
	} catch (error) {
		if (!(error instanceof SharpMissing)) throw damaged(origin, sniffed.name, reasonOf(error));
		if (sniffed.kind === 'accepted')
			return [{ ...inMemory(sniffed.mediaType, bytes), untouched: true }];
		throw notConvertible(origin, sniffed.name, error.message);
	}
}

/** The last two bytes of a whole file: of the CRC of PNG's IEND chunk, and JPEG's end of image. */
const END: Record<MediaType, Buffer> = {
	'image/png': Buffer.from([0x60, 0x82]),
	'image/jpeg': Buffer.from([0xff, 0xd9]),
};

/**
 * A PNG or JPEG that is sent as it is, straight from a stream: read once for its type, length and
 * hash, and again when it is uploaded, without a copy in memory.
 *
 * @returns nothing when the bytes are neither, or do not end as they should (cut off, or with
 * something behind the picture): then they have to be read as a whole.
 */
export async function streamedPicture(
	open: () => Promise<Readable>,
	bytes: () => Promise<Buffer>,
): Promise<Picture | undefined> {
	const hash = createHash('sha256');
	let head = Buffer.alloc(0);
	let tail = Buffer.alloc(0);
	let length = 0;
	for await (const chunk of await open()) {
		hash.update(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (head.length < SNIFF_BYTES) head = Buffer.concat([head, chunk as Buffer]);
		tail = Buffer.concat([tail, (chunk as Buffer).subarray(-2)]).subarray(-2);
	}
	const sniffed = await sniff(head);
	if (sniffed.kind !== 'accepted' || !END[sniffed.mediaType].equals(tail)) return undefined;
	return { mediaType: sniffed.mediaType, length, hash: hash.digest('hex'), open, bytes };
}

export type ReadableKind = Exclude<Sniffed, { kind: 'foreignPicture' | 'other' }>;

/** A picture sent in one view. @throws what sharp says of bytes that it cannot read. */
export async function convert(
	bytes: Buffer,
	sniffed: ReadableKind,
	detail: 'auto' | 'original',
): Promise<Picture> {
	const scale = detail === 'auto';
	const size = scale && sniffed.kind === 'accepted' ? await readSize(bytes) : undefined;
	if (sniffed.kind === 'convertible' || (size && needsWork(size))) {
		const raster = await decode(bytes, scale);
		// Only its alpha is in the way: what the model sees is to be as sharp as it came.
		const keepsPng = size && !isTurnedOrLarge(size);
		const sent = keepsPng ? await encodePng(raster) : await encode(raster, isGraphics(sniffed));
		return inMemory(sent.mediaType, sent.bytes, { raster });
	}
	await probe(bytes);
	return inMemory(sniffed.mediaType, bytes);
}

const needsWork = (size: RasterSize): boolean => size.alpha || isTurnedOrLarge(size);

const isTurnedOrLarge = ({ width, height, turned }: RasterSize): boolean =>
	turned || Math.min(width, height) > MODEL_SIDE;

/** JPEG, or PNG where that is smaller: drawings and screenshots are, photographs never. */
export async function encode(raster: Raster, tryPng: boolean): Promise<Encoded> {
	const jpeg = await encodeJpeg(raster, QUALITY);
	const png = tryPng ? await encodePng(raster) : undefined;
	return png && png.bytes.length < jpeg.bytes.length ? png : jpeg;
}

/** Whether it is of a format that people keep drawings and screenshots in. */
export const isGraphics = (sniffed: ReadableKind): boolean =>
	sniffed.kind === 'convertible' ? sniffed.graphics : sniffed.mediaType === 'image/png';

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
