import { base64Characters, inMemory, type Picture } from './picture';
import { decode, encodeJpeg } from './raster';

interface Step {
	quality: number;
	square: boolean;
}

/** Smaller and smaller, and still what the model would see: first the quality, then the square. */
const QUALITIES: Step[] = [
	{ quality: 82, square: false },
	{ quality: 75, square: false },
];
const SQUARES: Step[] = [
	{ quality: 90, square: true },
	{ quality: 82, square: true },
	{ quality: 75, square: true },
];

/**
 * Tries to bring the pictures of one request under `most` characters of base64: JPEG quality down
 * to 75, then, for models that make a square of 896 pixels of every picture anyway, that square.
 *
 * @returns the first set that fits; the smallest one when none does.
 */
export async function fitInline(
	pictures: Picture[],
	most: number,
	squareIsHonest: boolean,
): Promise<Picture[]> {
	// Without sharp nothing can be made smaller.
	if (base64Characters(pictures) <= most || pictures.some(({ untouched }) => untouched))
		return pictures;
	const rasters = await Promise.all(pictures.map(rasterOf));
	let fitted = pictures;
	for (const { quality, square } of squareIsHonest ? [...QUALITIES, ...SQUARES] : QUALITIES) {
		const smaller = await Promise.all(
			rasters.map(async (raster, i) => {
				const { mediaType, bytes } = await encodeJpeg(raster, quality, square);
				return inMemory(mediaType, bytes, { view: pictures[i].view });
			}),
		);
		fitted = smaller.map((picture, i) => (picture.length < fitted[i].length ? picture : fitted[i]));
		if (base64Characters(fitted) <= most) break;
	}
	return fitted;
}

const rasterOf = async (picture: Picture) =>
	picture.raster ?? (await decode(await picture.bytes(), true));
