import sharp from 'sharp';
import { seededRandom } from './random';

export interface PhotoOptions {
	width: number;
	height: number;
	/** JPEG quality, 1 to 100; 92, a camera's, unless given. */
	quality?: number;
	/** Another seed makes another picture of the same kind. */
	seed?: number;
}

export type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff';

/**
 * A JPEG that compresses like a camera's: soft light, shapes with edges, and the sensor's noise.
 * 4000 × 3000 pixels at quality 92 take 4 to 6 MB.
 */
export async function photo({ width, height, quality = 92, seed = 1 }: PhotoOptions) {
	const random = seededRandom(seed);
	// Noise is what makes a photograph large, and drawing it for each pixel what makes this slow:
	// one tile of it repeats.
	const side = Math.min(512, width, height);
	const noise = new Uint8Array(side * side * 3).map(() => 128 + (random() + random() - 1) * 66);
	return await sharp(scene(width, height, random))
		.composite([
			{
				input: Buffer.from(noise),
				raw: { width: side, height: side, channels: 3 },
				tile: true,
				blend: 'soft-light',
			},
		])
		.removeAlpha()
		.jpeg({ quality })
		.toBuffer();
}

function scene(width: number, height: number, random: () => number): Buffer {
	const hue = () => Math.floor(random() * 360);
	const shapes = Array.from({ length: 40 }, () => {
		const [x, y, size] = [random() * width, random() * height, (random() * width) / 8];
		const fill = `fill="hsl(${hue()} 45% 50%)" fill-opacity="0.8"`;
		return random() < 0.5
			? `<circle cx="${x}" cy="${y}" r="${size / 2}" ${fill}/>`
			: `<rect x="${x}" y="${y}" width="${size}" height="${size / 2}" ${fill}/>`;
	});
	return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
		<linearGradient id="light" x2="0.6" y2="1">
			<stop stop-color="hsl(${hue()} 40% 75%)"/>
			<stop offset="1" stop-color="hsl(${hue()} 40% 35%)"/>
		</linearGradient>
		<rect width="100%" height="100%" fill="url(#light)"/>${shapes.join('')}
	</svg>`);
}

/** A picture of one colour, e.g. `solid('png', 8, 8, 'red')`. */
export async function solid(format: Format, width: number, height: number, colour: string) {
	return await sharp({ create: { width, height, channels: 3, background: colour } })
		.toFormat(format)
		.toBuffer();
}

/**
 * A JPEG whose pixels lie the way EXIF says, 1 to 8. Upright it is 80 × 40 pixels: the left half
 * red, the right half blue, with a white strip 10 pixels high along the top.
 */
export async function rotated(orientation: number) {
	const upright = await sharp({
		create: { width: 80, height: 40, channels: 3, background: 'red' },
	})
		.composite([
			{ input: await solid('png', 40, 40, 'blue'), left: 40, top: 0 },
			{ input: await solid('png', 80, 10, 'white'), left: 0, top: 0 },
		])
		.png()
		.toBuffer();
	const { mirror, turn } = inverse[orientation - 1];
	const turned = await sharp(upright).rotate(turn).png().toBuffer();
	return await sharp(turned)
		.flop(mirror)
		.withMetadata({ orientation })
		.jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
		.toBuffer();
}

/** How an upright picture must be laid down so that orientation 1 to 8 sets it up again. */
const inverse = [
	{ turn: 0, mirror: false },
	{ turn: 0, mirror: true },
	{ turn: 180, mirror: false },
	{ turn: 180, mirror: true },
	{ turn: 90, mirror: true },
	{ turn: 270, mirror: false },
	{ turn: 270, mirror: true },
	{ turn: 90, mirror: false },
];

/** The first half of a file, as a broken download leaves it. */
export function truncated(file: Buffer): Buffer {
	return file.subarray(0, Math.floor(file.length / 2));
}

/** A GIF of three frames, 16 × 16 pixels each: red, green (lime), blue. */
export async function animatedGif() {
	const frames = await Promise.all(
		['red', 'lime', 'blue'].map(async (colour) => await solid('png', 16, 16, colour)),
	);
	return await sharp(frames, { join: { animated: true } })
		.gif({ delay: [100, 100, 100], loop: 0 })
		.toBuffer();
}

/** A TIFF as scanners write it, of pages of 16 × 16 pixels: red, green (lime), blue, and again. */
export async function manyPages(count: number) {
	const colours = Array.from({ length: count }, (_, i) => ['red', 'lime', 'blue'][i % 3]);
	const pages = await Promise.all(
		colours.map(async (colour) => await solid('png', 16, 16, colour)),
	);
	const [first, ...others] = pages;
	if (others.length === 0) return await sharp(first).tiff().toBuffer();
	return await sharp(pages, { join: { animated: true } })
		.tiff()
		.toBuffer();
}

/** A valid PDF with one empty page. */
export function pdf(): Buffer {
	const objects = [
		'<</Type/Catalog/Pages 2 0 R>>',
		'<</Type/Pages/Kids[3 0 R]/Count 1>>',
		'<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>',
	];
	let file = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = file.length;
		file += `${index + 1} 0 obj${object}endobj\n`;
		return `${String(offset).padStart(10, '0')} 00000 n \n`;
	});
	const trailer = `trailer<</Size 4/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`;
	return Buffer.from(`${file}xref\n0 4\n0000000000 65535 f \n${offsets.join('')}${trailer}`);
}

/** The first box of an iPhone's HEIC file, and nothing that could be decoded after it. */
export function heic(): Buffer {
	const box = Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1');
	return Buffer.concat([box, Buffer.alloc(64)]);
}

/** A drawing of one colour, 20 × 10 unless the size is given. */
export function svg(colour: string, width = 20, height = 10): Buffer {
	return Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
			`<rect width="100%" height="100%" fill="${colour}"/></svg>`,
	);
}
