import sharp from 'sharp';
import {
	animatedGif,
	type Format,
	heic,
	pdf,
	photo,
	rotated,
	solid,
	svg,
	truncated,
} from './pictures';

const decode = async (picture: Buffer, page = 0) =>
	await sharp(picture, { page, failOn: 'error' }).autoOrient().removeAlpha().raw().toBuffer({
		resolveWithObject: true,
	});
const colourAt = async (picture: Buffer, x: number, y: number, page = 0) => {
	const { data, info } = await decode(picture, page);
	const at = (y * info.width + x) * info.channels;
	const [red, green, blue] = data.subarray(at, at + 3);
	return [red, green, blue].map((value) => (value > 200 ? 1 : value < 55 ? 0 : NaN)).join('');
};

describe('a photo', () => {
	it('of 12 megapixels is as large as a camera’s', async () => {
		const picture = await photo({ width: 4000, height: 3000 });
		expect(picture.length).toBeGreaterThan(4e6);
		expect(picture.length).toBeLessThan(6e6);
		expect(await sharp(picture).metadata()).toMatchObject({
			format: 'jpeg',
			width: 4000,
			height: 3000,
		});
	});

	it('is the same for the same seed only', async () => {
		const size = { width: 120, height: 80 };
		const first = await photo(size);
		expect((await photo(size)).equals(first)).toBe(true);
		expect((await photo({ ...size, seed: 2 })).equals(first)).toBe(false);
		expect((await photo({ ...size, quality: 40 })).length).toBeLessThan(first.length / 2);
	});
});

it.each<[Format, string]>([
	['png', 'png'],
	['jpeg', 'jpeg'],
	['webp', 'webp'],
	['gif', 'gif'],
	['avif', 'heif'],
	['tiff', 'tiff'],
])('a solid %s has its format, size and colour', async (format, decoded) => {
	const picture = await solid(format, 12, 8, 'lime');
	expect(await sharp(picture).metadata()).toMatchObject({ format: decoded, width: 12, height: 8 });
	expect(await colourAt(picture, 6, 4)).toBe('010');
});

it.each([1, 2, 3, 4, 5, 6, 7, 8])(
	'orientation %i sets the picture upright',
	async (orientation) => {
		const picture = await rotated(orientation);
		const { width, height, ...metadata } = await sharp(picture).metadata();
		expect(metadata.orientation).toBe(orientation);
		expect([width, height]).toEqual(orientation < 5 ? [80, 40] : [40, 80]);
		expect((await decode(picture)).info).toMatchObject({ width: 80, height: 40 });
		expect(await colourAt(picture, 20, 30)).toBe('100');
		expect(await colourAt(picture, 60, 30)).toBe('001');
		expect(await colourAt(picture, 20, 4)).toBe('111');
	},
);

it('a picture that must be turned is not upright before', async () => {
	const corners = [1, 2, 3, 4].map(async (orientation) => {
		const pixels = await sharp(await rotated(orientation))
			.raw()
			.toBuffer();
		const at = (y: number) => [...pixels.subarray((y * 80 + 20) * 3, (y * 80 + 20) * 3 + 3)];
		return [at(4), at(20)].map((colour) => colour.map((value) => (value > 128 ? 1 : 0)).join(''));
	});
	expect(await Promise.all(corners)).toEqual([
		['111', '100'],
		['111', '001'],
		['001', '001'],
		['100', '100'],
	]);
});

it('a truncated file is known as a picture but does not decode', async () => {
	const picture = truncated(await photo({ width: 200, height: 100 }));
	expect((await sharp(picture).metadata()).format).toBe('jpeg');
	await expect(decode(picture)).rejects.toThrow();
});

it('an animated GIF has three frames', async () => {
	const picture = await animatedGif();
	expect(await sharp(picture).metadata()).toMatchObject({ format: 'gif', pages: 3 });
	const colours = [0, 1, 2].map(async (page) => await colourAt(picture, 8, 8, page));
	expect(await Promise.all(colours)).toEqual(['100', '010', '001']);
});

it('a PDF’s cross-reference table leads to its objects', () => {
	const file = pdf().toString('latin1');
	const [, table] = /startxref\n(\d+)\n%%EOF\n$/.exec(file) ?? [];
	const offsets = [...file.slice(Number(table)).matchAll(/^(\d{10}) 00000 n $/gm)];
	expect(file.slice(Number(table))).toMatch(/^xref\n/);
	expect(offsets.map(([, at], index) => file.startsWith(`${index + 1} 0 obj`, Number(at)))).toEqual(
		[true, true, true],
	);
});

it('a HEIC starts like one', async () => {
	expect(heic().toString('latin1', 4, 12)).toBe('ftypheic');
	expect(heic().readUInt32BE(0)).toBe(24);
	await expect(decode(heic())).rejects.toThrow();
});

it('an SVG has its size and colour', async () => {
	expect(await sharp(svg('red', 30, 20)).metadata()).toMatchObject({ width: 30, height: 20 });
	expect(await colourAt(svg('red'), 10, 5)).toBe('100');
});
