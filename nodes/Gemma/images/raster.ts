import type Sharp from 'sharp';

import { MODEL_SIDE, type MediaType } from '../gemma';

/** Pixels in memory, upright and scaled, ready to be written in whatever form fits. */
export interface Raster {
	/** Rows of sRGB samples, 8 bits each, grey ones widened. */
	pixels: Buffer;
	width: number;
	height: number;
	channels: 3 | 4;
}

export interface RasterSize {
	width: number;
	height: number;
	/** Whether EXIF says that the picture has to be turned or mirrored. */
	turned: boolean;
}

export interface Encoded {
	mediaType: MediaType;
	bytes: Buffer;
}

/** sharp could not be loaded on this machine: PNG and JPEG can still be sent untouched. */
export class SharpMissing extends Error {}

/** The size of the picture as it is stored. @throws what sharp says of bytes that it cannot read. */
export async function readSize(bytes: Uint8Array): Promise<RasterSize> {
	const { width, height, orientation } = await open(await load(), bytes).metadata();
	return { width, height, turned: (orientation ?? 1) !== 1 };
}

/**
 * Decodes the first frame, turns it upright and, with `scale`, brings its shorter side down to 896
 * pixels: the model sees 896 × 896 of it, so more would be sent in vain.
 *
 * @throws what sharp says of bytes that are cut off or damaged beyond reading.
 */
export async function decode(bytes: Uint8Array, scale: boolean): Promise<Raster> {
	const sharp = await load();
	const { width, height } = await open(sharp, bytes).autoOrient().metadata().then(uprightSize);
	const side = width <= height ? { width: MODEL_SIDE } : { height: MODEL_SIDE };
	const upright = open(sharp, bytes).autoOrient().toColourspace('srgb');
	const scaled = scale && Math.min(width, height) > MODEL_SIDE ? upright.resize(side) : upright;
	const { data, info } = await scaled.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
	const { width: scaledWidth, height: scaledHeight, channels } = info;
	return { pixels: data, width: scaledWidth, height: scaledHeight, channels: channels as 3 | 4 };
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
	const sized = square ? image.resize(MODEL_SIDE, MODEL_SIDE, { fit: 'fill' }) : image;
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

/** sharp tells the stored size and, beside it, the size after turning. */
const uprightSize = (metadata: Sharp.Metadata) => metadata.autoOrient;

/** Servers drop the alpha channel, and what was see-through would show whatever colour lies under it. */
async function overWhite({ pixels, width, height, channels }: Raster): Promise<Sharp.Sharp> {
	const image = (await load())(pixels, { raw: { width, height, channels } });
	return image.flatten({ background: 'white' });
}
