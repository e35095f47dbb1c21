import { MODEL_SIDE } from '../gemma';
import { planCrops, type Box, type CropPlan, type Size } from './cropPlan';
import { readUprightSize } from './header';
import { inMemory, type ImageDetail, type Picture } from './picture';
import { convert, encode, isGraphics, preparePicture, readPicture } from './prepare';
import { cutOut, decodeTo, MODEL_SQUARE, scaledDown } from './raster';
import type { Origin } from './unreadable';

/** How pictures are wanted, and how the model sees them. */
export interface Wanted {
	detail: ImageDetail;
	/** Crops of one picture at most; the whole of it comes on top. */
	maxCrops: number;
	/** Whether the model squashes every picture into its square, so that squashing it here loses nothing. */
	square: boolean;
}

/**
 * The views in which a picture is sent: it alone, or the whole of it and then its crops, scaled to
 * the square that the model sees; for a model that keeps a picture's shape, so that the shorter
 * side fits.
 *
 * @throws Failure of kind `input` that names what the bytes are.
 */
export async function prepareViews(
	bytes: Buffer,
	{ detail, maxCrops, square }: Wanted,
	origin: Origin,
): Promise<Picture[]> {
	if (detail === 'auto' || detail === 'original')
		return [await preparePicture(bytes, detail, origin)];
	return await readPicture(bytes, origin, async (sniffed) => {
		const upright = await readUprightSize(bytes);
		const plan = planCrops(detail, upright, maxCrops);
		if (!plan) return [await convert(bytes, sniffed, 'auto')];
		return await cut(bytes, upright, plan, square, isGraphics(sniffed));
	});
}

/** The picture is decoded once, no larger than its crops are sent, and these follow one by one. */
async function cut(
	bytes: Buffer,
	upright: Size,
	plan: CropPlan,
	square: boolean,
	tryPng: boolean,
): Promise<Picture[]> {
	const { kind, rows, columns, boxes } = plan;
	const raster = await decodeTo(bytes, scaled(upright, plan, square));
	const whole = { left: 0, top: 0, width: raster.width, height: raster.height };
	const views = [whole, ...boxes.map((box) => moved(box, upright, raster))];
	const pictures: Picture[] = [];
	for (const [i, box] of views.entries()) {
		const size = square ? MODEL_SQUARE : scaledDown(box);
		const encoded = await encode(await cutOut(raster, box, size), tryPng);
		const view = { kind, rows, columns, ...(i > 0 && { index: i - 1 }) };
		pictures.push(inMemory(encoded.mediaType, encoded.bytes, { view }));
	}
	return pictures;
}

/** The size of the whole picture at which its crops have the size in which they are sent. */
function scaled({ width, height }: Size, { boxes: [crop] }: CropPlan, square: boolean): Size {
	const byShorter = MODEL_SIDE / Math.min(crop.width, crop.height);
	const across = Math.min(1, square ? MODEL_SIDE / crop.width : byShorter);
	const down = Math.min(1, square ? MODEL_SIDE / crop.height : byShorter);
	return { width: Math.round(width * across), height: Math.round(height * down) };
}

/** A box of the upright picture in its scaled raster. */
function moved(box: Box, from: Size, to: Size): Box {
	const across = to.width / from.width;
	const down = to.height / from.height;
	const width = Math.min(Math.round(box.width * across), to.width);
	const height = Math.min(Math.round(box.height * down), to.height);
	return {
		left: Math.min(Math.round(box.left * across), to.width - width),
		top: Math.min(Math.round(box.top * down), to.height - height),
		width,
		height,
	};
}
