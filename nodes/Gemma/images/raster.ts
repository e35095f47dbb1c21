import type Sharp from 'sharp';

import { MODEL_SIDE, type MediaType } from '../gemma';
import type { Box, Size } from './cropPlan';
import { readUprightSize } from './header';
import { load, open } from './library';

/** Pixels in memory, upright and scaled, ready to be written in whatever form fits. */
export interface Raster {
	/** Rows of sRGB samples, 8 bits each, grey ones widened. */
	pixels: Buffer;
	width: number;
	height: number;
	channels: 3 | 4;
}

export interface Encoded {
	mediaType: MediaType;
	bytes: Buffer;
}

/** The longest side of a JPEG that can be written, in pixels. */
const MOST_JPEG_SIDE = 65_500;

/** What a Gemma 3 server makes of every picture. */
export const MODEL_SQUARE: Size = { width: MODEL_SIDE, height: MODEL_SIDE };

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

/** The size at which the shorter side is 896 pixels at most, and the longer one fits into a JPEG. */
export function scaledDown({ width, height }: Size): Size {
	const byShorter = MODEL_SIDE / Math.min(width, height);
	const scale = Math.min(1, byShorter, MOST_JPEG_SIDE / Math.max(width, height));
	const scaled = (side: number) => Math.max(1, Math.round(side * scale));
	return { width: scaled(width), height: scaled(height) };
}

export const fitsJpeg = ({ width, height }: Size): boolean =>
	Math.max(width, height) <= MOST_JPEG_SIDE;

/** Reads the whole picture at a small size. @throws what sharp says of bytes that are cut off. */
export async function probe(bytes: Uint8Array): Promise<void> {
	await squash(open(await load(), bytes), { width: 32, height: 32 })
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
