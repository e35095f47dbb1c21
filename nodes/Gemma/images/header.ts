import type { Size } from './cropPlan';
import { load, MOST_PIXELS, open } from './library';

export interface RasterSize extends Size {
	/** Whether EXIF says that the picture has to be turned or mirrored. */
	turned: boolean;
	/** Whether it has an alpha channel, or a palette with colours that are see-through. */
	alpha: boolean;
}

/** How far a smaller copy's shape may differ, by rounding. */
const COPY_TOLERANCE = 0.02;

/** The size of the picture as it is stored. @throws what sharp says of bytes that it cannot read. */
export async function readSize(bytes: Uint8Array): Promise<RasterSize> {
	const { width, height, orientation, hasAlpha } = await open(await load(), bytes).metadata();
	return { width, height, turned: (orientation ?? 1) !== 1, alpha: hasAlpha };
}

/** The size, as its header says it, of a picture that has more pixels than are decoded; else nothing. */
export async function sizeAboveLimit(bytes: Uint8Array): Promise<Size | undefined> {
	const sharp = await load();
	const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
	return width * height > MOST_PIXELS ? { width, height } : undefined;
}

/** The pages of a TIFF; smaller copies of the first one, which viewers use, are none. */
export async function countPages(bytes: Uint8Array): Promise<number> {
	const sharp = await load();
	const first = await open(sharp, bytes).metadata();
	const count = first.pages ?? 1;
	if (count === 1) return 1;
	// Pages that cannot be read are pages all the same.
	const second = await sharp(bytes, { page: 1 })
		.metadata()
		.catch(() => first);
	const ratio = (second.width * first.height) / (second.height * first.width);
	const isCopy = second.width < first.width && Math.abs(ratio - 1) < COPY_TOLERANCE;
	return isCopy ? 1 : count;
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
