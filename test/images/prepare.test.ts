import sharp from 'sharp';
import { preparePicture } from '../../nodes/Gemma/images/prepare';
import { animatedGif, manyPages, photo, rotated, solid, type Format } from '../support/pictures';
import { colour, see } from '../support/pixels';

const origin = { field: 'URL(s)', label: 'The picture', inventory: '' };
const prepared = async (bytes: Buffer, detail: 'auto' | 'original' = 'auto') => {
	const picture = await preparePicture(bytes, detail, origin);
	return { ...picture, sent: await picture.bytes() };
};
/** Lines and letters, as a screenshot has them: PNG packs them better than JPEG. */
const screenshot = async (width: number, height: number) => {
	const lines = Array.from(
		{ length: 40 },
		(_, i) => `<rect y="${i * 25}" width="900" height="3"/>`,
	);
	const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="white"/>${lines.join('')}</svg>`;
	return await sharp(Buffer.from(drawing)).png().toBuffer();
};

describe.each<[Format, string]>([
	['png', 'image/png'],
	['jpeg', 'image/jpeg'],
])('a %s', (format, mediaType) => {
	it.each([
		[1, 1],
		[640, 480],
		[896, 896],
		[896, 3000],
		[3000, 896],
	])('of %i × %i passes byte for byte', async (width, height) => {
		const bytes = await solid(format, width, height, 'red');
		const { sent, length, mediaType: type, untouched } = await prepared(bytes);
		expect(sent.equals(bytes)).toBe(true);
		expect([type, length, untouched]).toEqual([mediaType, bytes.length, undefined]);
	});

	it.each([
		[897, 1794, 896, 1792],
		[1794, 897, 1792, 896],
		[2000, 2000, 896, 896],
	])('of %i × %i becomes %i × %i', async (width, height, newWidth, newHeight) => {
		const { sent } = await prepared(await solid(format, width, height, 'blue'));
		const seen = await see(sent);
		expect([seen.width, seen.height]).toEqual([newWidth, newHeight]);
		expect(colour(seen.at(5, 5))).toBe('blue');
	});
});

it.each<[Format]>([['webp'], ['gif'], ['avif'], ['tiff']])(
	'a %s is converted and keeps its size',
	async (format) => {
		const { sent, mediaType, length } = await prepared(await solid(format, 60, 30, 'lime'));
		const seen = await see(sent);
		expect(mediaType).toBe(`image/${seen.format}`);
		expect(['png', 'jpeg']).toContain(seen.format);
		expect([seen.width, seen.height, length]).toEqual([60, 30, sent.length]);
		expect(colour(seen.at(30, 15))).toBe('lime');
	},
);

it.each<[Format]>([['webp'], ['gif'], ['tiff']])('a large %s is scaled too', async (format) => {
	const { width, height } = await see(
		(await prepared(await solid(format, 1000, 2000, 'red'))).sent,
	);
	expect([width, height]).toEqual([896, 1792]);
});

it('of an animation the first frame is sent', async () => {
	const seen = await see((await prepared(await animatedGif())).sent);
	expect([seen.width, seen.height]).toEqual([16, 16]);
	expect(colour(seen.at(8, 8))).toBe('red');
});

it('a photo of 12 megapixels is scaled to a shorter side of 896 and keeps its shape', async () => {
	const { sent, mediaType } = await prepared(await photo({ width: 4000, height: 3000 }));
	const { width, height } = await see(sent);
	expect(mediaType).toBe('image/jpeg');
	expect([width, height]).toEqual([1195, 896]);
	expect(sent.length).toBeLessThan(1e6);
});

it('a large PNG stays PNG where that is smaller', async () => {
	const { sent, mediaType } = await prepared(await screenshot(1800, 1000));
	expect(mediaType).toBe('image/png');
	expect(await see(sent)).toMatchObject({ format: 'png', width: 1613, height: 896 });
});

it('a large PNG of a photo becomes JPEG', async () => {
	const png = await sharp(await photo({ width: 1400, height: 1000 }))
		.png()
		.toBuffer();
	const { sent, mediaType } = await prepared(png);
	expect(mediaType).toBe('image/jpeg');
	expect((await see(sent)).format).toBe('jpeg');
});

describe('a picture longer than a JPEG can be', () => {
	const long = async (format: 'png' | 'tiff', width: number, height: number) =>
		await sharp({ create: { width, height, channels: 3, background: 'red' } })
			.toFormat(format, format === 'tiff' ? { compression: 'deflate' } : {})
			.toBuffer();

	it.each<['png' | 'tiff', number, number, number, number]>([
		['png', 80_000, 1000, 65_500, 819],
		['png', 1000, 80_000, 819, 65_500],
		['tiff', 70_000, 500, 65_500, 468],
		['tiff', 65_501, 20, 65_500, 20],
		['tiff', 65_500, 20, 65_500, 20],
		['tiff', 200_000, 1, 65_500, 1],
	])('%s of %i × %i becomes %i × %i', async (format, width, height, newWidth, newHeight) => {
		const { sent } = await prepared(await long(format, width, height));
		const { width: sentWidth, height: sentHeight } = await sharp(sent).metadata();
		expect([sentWidth, sentHeight]).toEqual([newWidth, newHeight]);
	});

	it('passes byte for byte where it is narrower than the model sees', async () => {
		const bytes = await long('png', 1, 200_000);
		expect((await prepared(bytes)).sent.equals(bytes)).toBe(true);
	});

	it('is converted to PNG where nothing may be scaled', async () => {
		const { sent } = await prepared(await long('tiff', 65_501, 20), 'original');
		expect(await sharp(sent).metadata()).toMatchObject({ format: 'png', width: 65_501 });
	});
});

describe('pages', () => {
	it('a TIFF of several has a note that only the first was sent', async () => {
		const { sent, note } = await prepared(await manyPages(3));
		expect(colour((await see(sent)).at(8, 8))).toBe('red');
		expect(note).toMatch(/^The picture holds a TIFF picture of 3 pages; only the first was sent/);
	});

	it('smaller copies of the first one are none', async () => {
		const source = sharp(await solid('png', 600, 400, 'red'));
		const bytes = await source.tiff({ pyramid: true, tile: true }).toBuffer();
		expect((await sharp(bytes).metadata()).pages).toBeGreaterThan(1);
		expect((await prepared(bytes)).note).toBeUndefined();
	});

	it('a TIFF of one, and an animation, have none', async () => {
		for (const bytes of [await manyPages(1), await animatedGif()])
			expect((await prepared(bytes)).note).toBeUndefined();
	});
});

describe('EXIF orientation', () => {
	it.each([1, 2, 3, 4, 5, 6, 7, 8])('%i is set upright, once', async (orientation) => {
		const bytes = await rotated(orientation);
		const { sent } = await prepared(bytes);
		const seen = await see(sent);
		expect([seen.width, seen.height]).toEqual([80, 40]);
		expect([seen.at(20, 30), seen.at(60, 30), seen.at(20, 4), seen.at(60, 4)].map(colour)).toEqual([
			'red',
			'blue',
			'white',
			'white',
		]);
		expect((await sharp(sent).metadata()).orientation ?? 1).toBe(1);
		expect(sent.equals(bytes)).toBe(orientation === 1);
	});

	it('counts when a large photo is scaled', async () => {
		const lying = await sharp(await photo({ width: 2000, height: 1000, quality: 60 }))
			.withMetadata({ orientation: 6 })
			.jpeg()
			.toBuffer();
		const { width, height } = await see((await prepared(lying)).sent);
		expect([width, height]).toEqual([896, 1792]);
	});
});

describe('detail original', () => {
	it.each([3, 6])('a JPEG with orientation %i is sent as it came', async (orientation) => {
		const bytes = await rotated(orientation);
		expect((await prepared(bytes, 'original')).sent.equals(bytes)).toBe(true);
	});

	it.each<[Format]>([['png'], ['jpeg']])('a large %s is sent as it came', async (format) => {
		const bytes = await solid(format, 1500, 1500, 'red');
		expect((await prepared(bytes, 'original')).sent.equals(bytes)).toBe(true);
	});

	it('another format is converted and not scaled', async () => {
		const { sent } = await prepared(await solid('webp', 1500, 1000, 'red'), 'original');
		expect(await see(sent)).toMatchObject({ width: 1500, height: 1000 });
	});
});
