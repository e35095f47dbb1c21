import sharp from 'sharp';

import { prepareViews, type Wanted } from '../../nodes/Gemma/images/views';
import { rejectionOf } from '../support/failure';
import { animatedGif, pdf, photo, solid, truncated, type Format } from '../support/pictures';
import { colour, see, type Seen } from '../support/pixels';

const origin = { field: 'URL(s)', label: 'The picture', inventory: '' };
const prepared = async (bytes: Buffer, wanted: Partial<Wanted> = {}) =>
	await prepareViews(bytes, { detail: 'detailed', maxCrops: 4, square: true, ...wanted }, origin);
const sent = async (bytes: Buffer, wanted: Partial<Wanted> = {}) => {
	const pictures = await prepared(bytes, wanted);
	return await Promise.all(pictures.map(async (picture) => await see(await picture.bytes())));
};
const sizes = (views: Seen[]) => views.map(({ width, height }) => [width, height]);
/** The colour in the middle of a view. */
const middles = (views: Seen[]) =>
	views.map(({ at, width, height }) => colour(at(Math.floor(width / 2), Math.floor(height / 2))));

const STRIPES = ['red', 'lime', 'blue'];
/** Three stripes of equal length, side by side. */
async function stripes(width: number, height: number): Promise<sharp.Sharp> {
	const stripe = Math.round(width / STRIPES.length);
	const parts = await Promise.all(
		STRIPES.map(async (name) => await solid('png', stripe, height, name)),
	);
	return sharp({ create: { width, height, channels: 3, background: 'white' } }).composite(
		parts.map((input, i) => ({ input, left: i * stripe, top: 0 })),
	);
}

describe('in detail', () => {
	it('the whole picture comes first, then its crops, each the model’s square', async () => {
		const bytes = await (await stripes(3000, 1000)).jpeg().toBuffer();
		const views = await sent(bytes);
		expect(sizes(views)).toEqual(Array(4).fill([896, 896]));
		expect(middles(views.slice(1))).toEqual(STRIPES);
		expect([colour(views[0].at(100, 448)), colour(views[0].at(800, 448))]).toEqual(['red', 'blue']);
		const pictures = await prepared(bytes);
		expect(pictures.map(({ view }) => view)).toEqual([
			{ kind: 'detailed', rows: 1, columns: 3 },
			...[0, 1, 2].map((index) => ({ kind: 'detailed', rows: 1, columns: 3, index })),
		]);
	});

	it('of a picture longer than a JPEG can be, for a model that keeps its shape', async () => {
		const views = await prepared(await solid('png', 1000, 80_000, 'red'), {
			maxCrops: 2,
			square: false,
		});
		const sent = await Promise.all(views.map(async (view) => sharp(await view.bytes()).metadata()));
		expect(sent.map(({ width, height }) => [width, height])).toEqual([
			[819, 65_500],
			[896, 35_840],
			[896, 35_840],
		]);
	});

	it('the crops of a small picture are scaled up, as the model’s processor does', async () => {
		const views = await sent(await (await stripes(900, 300)).png().toBuffer());
		expect(sizes(views)).toEqual(Array(4).fill([896, 896]));
		expect(middles(views.slice(1))).toEqual(STRIPES);
	});

	it('for a model that keeps a picture’s shape, so do the crops', async () => {
		const views = await sent(await (await stripes(6000, 1500)).jpeg().toBuffer(), {
			square: false,
		});
		expect(sizes(views)).toEqual([[3584, 896], ...Array<number[]>(4).fill([896, 896])]);
		const narrow = await sent(await solid('jpeg', 1300, 1000, 'red'), { square: false });
		expect(sizes(narrow)).toEqual([
			[1165, 896],
			[650, 1000],
			[650, 1000],
		]);
	});

	it('a picture that is nearly square is sent alone, as with Auto', async () => {
		const bytes = await solid('png', 640, 600, 'blue');
		const [picture, ...crops] = await prepared(bytes);
		expect(crops).toEqual([]);
		expect(picture.view).toBeUndefined();
		expect((await picture.bytes()).equals(bytes)).toBe(true);
		expect(sizes(await sent(await photo({ width: 1000, height: 950 })))).toEqual([[943, 896]]);
	});

	it('maxCrops is the most, and the whole picture comes on top', async () => {
		const bytes = await solid('jpeg', 5000, 500, 'red');
		for (const maxCrops of [2, 3, 10]) {
			expect(await prepared(bytes, { maxCrops })).toHaveLength(1 + maxCrops);
		}
		expect(await prepared(bytes, { maxCrops: 1 })).toHaveLength(1);
	});

	it('a photo that EXIF turns is cut as it is seen', async () => {
		// Orientation 6: stored lying down, to be turned by 90 degrees to the right.
		const lying = await (await stripes(1500, 500)).png().toBuffer();
		const bytes = await sharp(lying).withMetadata({ orientation: 6 }).jpeg().toBuffer();
		const views = await sent(bytes);
		expect((await prepared(bytes))[0].view).toMatchObject({ rows: 3, columns: 1 });
		expect(middles(views.slice(1))).toEqual(STRIPES);
		expect([colour(views[0].at(448, 100)), colour(views[0].at(448, 800))]).toEqual(['red', 'blue']);
	});

	it('what is see-through becomes white in every view', async () => {
		const bytes = await sharp({
			create: { width: 900, height: 300, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
		})
			.png()
			.toBuffer();
		expect(middles(await sent(bytes))).toEqual(Array(4).fill('white'));
	});

	it('a drawing stays PNG, a photo becomes JPEG', async () => {
		const lines = Array.from(
			{ length: 40 },
			(_, i) => `<rect y="${i * 25}" width="2000" height="3"/>`,
		);
		const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="1000"><rect width="100%" height="100%" fill="white"/>${lines.join('')}</svg>`;
		const drawing = await sent(await sharp(Buffer.from(svg)).png().toBuffer());
		expect(drawing.map(({ format }) => format)).toEqual(Array(3).fill('png'));
		const camera = await sent(await photo({ width: 2000, height: 1000 }));
		expect(camera.map(({ format }) => format)).toEqual(Array(3).fill('jpeg'));
	});

	it.each<[Format]>([['webp'], ['avif'], ['tiff'], ['gif']])('a %s is cut too', async (format) => {
		const views = await sent(await solid(format, 900, 300, 'lime'));
		expect(middles(views)).toEqual(Array(4).fill('lime'));
	});

	it('of an animation the first frame is cut', async () => {
		const wide = sharp(await animatedGif(), { animated: true }).resize(900, 300, { fit: 'fill' });
		expect(middles(await sent(await wide.gif().toBuffer()))).toEqual(Array(4).fill('red'));
	});
});

describe('as a page', () => {
	const page = { detail: 'page', maxCrops: 9 } as const;

	it('A4 at 200 dpi is sent whole and in six tiles, no smaller than it was scanned', async () => {
		// A ruler across and down: each tile shows its own part of it.
		const colours = ['red', 'lime', 'blue', 'yellow', 'aqua', 'magenta'];
		const field = async (name: string) => await solid('png', 827, 780, name);
		const bytes = await sharp({
			create: { width: 1654, height: 2339, channels: 3, background: 'white' },
		})
			.composite(
				await Promise.all(
					colours.map(async (name, i) => ({
						input: await field(name),
						left: (i % 2) * 827,
						top: Math.min(Math.floor(i / 2) * 780, 2339 - 780),
					})),
				),
			)
			.jpeg()
			.toBuffer();
		const views = await sent(bytes, page);
		expect(sizes(views)).toEqual(Array(7).fill([896, 896]));
		expect(middles(views.slice(1))).toEqual(colours);
		expect((await prepared(bytes, page)).map(({ view }) => view?.index)).toEqual([
			undefined,
			...[0, 1, 2, 3, 4, 5],
		]);
	});

	it('a small picture is sent alone', async () => {
		const bytes = await solid('png', 800, 1000, 'blue');
		const [only, ...tiles] = await prepared(bytes, page);
		expect(tiles).toEqual([]);
		expect((await only.bytes()).equals(bytes)).toBe(true);
	});
});

it.each(['detailed', 'page'] as const)(
	'what is no whole picture is refused by name with detail %s',
	async (detail) => {
		const half = truncated(await photo({ width: 2400, height: 1200 }));
		for (const [bytes, words] of [
			[pdf(), 'holds a PDF document'],
			[half, 'cut off or damaged'],
		] as const) {
			const failure = await rejectionOf(prepared(bytes, { detail }));
			expect(failure.message).toContain(words);
		}
	},
);
