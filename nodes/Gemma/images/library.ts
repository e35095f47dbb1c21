import type Sharp from 'sharp';

/** The most that sharp decodes; a picture of that size takes a gigabyte in memory. */
export const MOST_PIXELS = 0x3fff ** 2;

/** sharp could not be loaded on this machine: PNG and JPEG can still be sent untouched. */
export class SharpMissing extends Error {}

/** Loads sharp with the first picture: it brings a native library, and not every machine has it. */
export async function load(): Promise<typeof Sharp> {
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
export const open = (sharp: typeof Sharp, bytes: Uint8Array) =>
	sharp(bytes, { failOn: 'truncated', limitInputPixels: MOST_PIXELS });
