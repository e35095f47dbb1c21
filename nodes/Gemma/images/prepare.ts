import type { Failure } from '../failure';
import { MODEL_SIDE } from '../gemma';
import { countPages, readSize, sizeAboveLimit, type RasterSize } from './header';
import { SharpMissing } from './library';
import { inMemory, type Picture } from './picture';
import {
	decode,
	encodeJpeg,
	encodePng,
	fitsJpeg,
	probe,
	type Encoded,
	type Raster,
} from './raster';
import { sniff, type Sniffed } from './sniff';
import {
	damaged,
	firstPageOnly,
	notAPicture,
	notConvertible,
	tooManyPixels,
	type Origin,
} from './unreadable';

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
		const pictures = await work(sniffed);
		const pages = 'paged' in sniffed ? await countPages(bytes) : 1;
		if (pages > 1) pictures[0].note = firstPageOnly(origin, sniffed.name, pages);
		return pictures;
	} catch (error) {
		if (!(error instanceof SharpMissing)) throw await whyNot(bytes, origin, sniffed.name, error);
		if (sniffed.kind === 'accepted')
			return [{ ...inMemory(sniffed.mediaType, bytes), untouched: true }];
		throw notConvertible(origin, sniffed.name, error.message);
	}
}

async function whyNot(
	bytes: Buffer,
	origin: Origin,
	name: string,
	error: unknown,
): Promise<Failure> {
	const size = await sizeAboveLimit(bytes).catch(() => undefined);
	return size ? tooManyPixels(origin, name, size) : damaged(origin, name, reasonOf(error));
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

/**
 * JPEG, or PNG where that is smaller: drawings and screenshots are, photographs never. PNG also
 * where a side is longer than a JPEG can be.
 */
export async function encode(raster: Raster, tryPng: boolean): Promise<Encoded> {
	if (!fitsJpeg(raster)) return await encodePng(raster);
	const jpeg = await encodeJpeg(raster, QUALITY);
	const png = tryPng ? await encodePng(raster) : undefined;
	return png && png.bytes.length < jpeg.bytes.length ? png : jpeg;
}

/** Whether it is of a format that people keep drawings and screenshots in. */
export const isGraphics = (sniffed: ReadableKind): boolean =>
	sniffed.kind === 'convertible' ? sniffed.graphics : sniffed.mediaType === 'image/png';

const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
