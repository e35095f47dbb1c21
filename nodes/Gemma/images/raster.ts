import type Sharp from 'sharp';

import { MODEL_SIDE, type MediaType } from '../gemma';
import type { Box, Size } from './cropPlan';

/** Pixels in memory, upright and scaled, ready to be written in whatever form fits. */
export interface Raster {
	/** Rows of sRGB samples, 8 bits each, grey ones widened. */
	pixels: Buffer;
	width: number;
	height: number;
	channels: 3 | 4;
}

export interface RasterSize extends Size {
	/** Whether EXIF says that the picture has to be turned or mirrored. */
	turned: boolean;
	/** Whether it has an alpha channel, or a palette with colours that are see-through. */
	alpha: boolean;
}

export interface Encoded {
	mediaType: MediaType;
	bytes: Buffer;
}

/** What a Gemma 3 server makes of every picture. */
export const MODEL_SQUARE: Size = { width: MODEL_SIDE, height: MODEL_SIDE };

/** sharp could not be loaded on this machine: PNG and JPEG can still be sent untouched. */
export class SharpMissing extends Error {}

/** The size of the picture as it is stored. @throws what sharp says of bytes that it cannot read. */
export async function readSize(bytes: Uint8Array): Promise<RasterSize> {
	const { width, height, orientation, hasAlpha } = await open(await load(), bytes).metadata();
	return { width, height, turned: (orientation ?? 1) !== 1, alpha: hasAlpha };
}

/** The size of the picture once it is set upright. @throws what sharp says of bytes that it cannot read. */
export async function readUprightSize(bytes: Uint8Array): Promise<Size> {
	// sharp tells the stored size and, beside it, the size after turning.
	return (
		await open(await load(), bytes)
			.autoOrient()
			.metadata()
	).autoOrient;
}

/**
 * Decodes the first frame, turns it upright and, with `scale`, brings its shorter side down to 896
 * pixels: the model sees 896 × 896 of it, so more would be sent in vain.
 *
 * @throws what sharp says of bytes that are cut off or damaged beyond reading.
 */
export async function decode(bytes: Uint8Array, scale: boolean): Promise<Raster> {
	const size = await readUprightSize(bytes);
	return await decodeTo(bytes, scale ? scaledDown(size) : size);
}

/** The same at any size, squashed where its shape differs. */
export async function decodeTo(bytes: Uint8Array, size: Size): Promise<Raster> {
	const upright = open(await load(), bytes)
		.autoOrient()
		.toColourspace('srgb');
	return await toRaster(squash(upright, size));
}

/** A part of a picture, brought to `size`. */
export async function cutOut(raster: Raster, box: Box, size: Size): Promise<Raster> {
	const image = await ofRaster(raster);
	return await toRaster(squash(image.extract(box), size));
}

/** The size at which the shorter side is 896 pixels at most. */
export function scaledDown({ width, height }: Size): Size {
	const scale = Math.min(1, MODEL_SIDE / Math.min(width, height));
	return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/** Reads the whole picture at a small size. @throws what sharp says of bytes that are cut off. */
export async function probe(bytes: Uint8Array): Promise<void> {
	await open(await load(), bytes)
		.resize({ width: 32 })
		.raw()
		.toBuffer();
}

/** `square` squashes the picture to exactly what a Gemma 3 server makes of it. */
export async function encodeJpeg(
	raster: Raster,
	quality: number,
	square = false,
): Promise<Encoded> {
	const image = await overWhite(raster);
	const sized = square ? squash(image, MODEL_SQUARE) : image;
	return { mediaType: 'image/jpeg', bytes: await sized.jpeg({ quality }).toBuffer() };
}

export async function encodePng(raster: Raster): Promise<Encoded> {
	return { mediaType: 'image/png', bytes: await (await overWhite(raster)).png().toBuffer() };
}

/** Loads sharp with the first picture: it brings a native library, and not every machine has it. */
async function load(): Promise<typeof Sharp> {
	try {
		const sharp = (await import('sharp')).default;
		// No picture is decoded twice, so what libvips keeps of the last ones is only memory.
		sharp.cache(false);
		return sharp;
	} catch (error) {
		throw sharpMissing(error);
	}
}

const sharpMissing = (error: unknown) =>
	new SharpMissing(error instanceof Error ? error.message.split('\n')[0] : String(error));

/** Small damage, which any viewer forgives, is forgiven; a missing part is not. */
const open = (sharp: typeof Sharp, bytes: Uint8Array) => sharp(bytes, { failOn: 'truncated' });

const squash = (image: Sharp.Sharp, { width, height }: Size) =>
	image.resize(width, height, { fit: 'fill' });

async function toRaster(image: Sharp.Sharp): Promise<Raster> {
	const { data, info } = await image.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
	const { width, height, channels } = info;
	return { pixels: data, width, height, channels: channels as 3 | 4 };
}

const ofRaster = async ({ pixels, width, height, channels }: Raster) =>
	(await load())(pixels, { raw: { width, height, channels } });

/** Servers drop the alpha channel, and what was see-through would show whatever colour lies under it. */
async function overWhite(raster: Raster): Promise<Sharp.Sharp> {
	return (await ofRaster(raster)).flatten({ background: 'white' });
}
