import type * as Fit from '../../nodes/Gemma/images/fit';
import type * as Prepare from '../../nodes/Gemma/images/prepare';
import type * as Views from '../../nodes/Gemma/images/views';
import { animatedGif, heic, rotated, solid, truncated, type Format } from '../support/pictures';

const origin = {
	field: 'Input Data Field Name(s)',
	label: 'The binary field "data"',
	inventory: "The item's binary fields: data (photo.webp)",
};
const files: Partial<Record<Format, Buffer>> = {};
let lying: Buffer;
let gif: Buffer;
let prepare: typeof Prepare;
let fit: typeof Fit;
let views: typeof Views;

/** The test's pictures are made with sharp; after that it cannot be loaded any more. */
beforeAll(async () => {
	for (const format of ['png', 'jpeg', 'webp', 'avif', 'tiff'] as const) {
		files[format] = await solid(format, 1000, 1000, 'red');
	}
	[lying, gif] = await Promise.all([rotated(6), animatedGif()]);
	jest.resetModules();
	jest.doMock('sharp', () => {
		throw new Error('Could not load the "sharp" module using the linuxmusl-x64 runtime\nAdvice: …');
	});
	prepare = await import('../../nodes/Gemma/images/prepare.js');
	fit = await import('../../nodes/Gemma/images/fit.js');
	views = await import('../../nodes/Gemma/images/views.js');
});

it.each<[Format, string]>([
	['png', 'image/png'],
	['jpeg', 'image/jpeg'],
])('a large %s passes untouched, and says so', async (format, mediaType) => {
	const picture = await prepare.preparePicture(files[format]!, 'auto', origin);
	expect(picture).toMatchObject({ mediaType, untouched: true, length: files[format]!.length });
	expect((await picture.bytes()).equals(files[format]!)).toBe(true);
	expect(picture.hash).toMatch(/^[0-9a-f]{64}$/);
});

it.each(['auto', 'original'] as const)(
	'with detail %s too, and turned photos too',
	async (detail) => {
		for (const bytes of [lying, truncated(files.jpeg!)]) {
			const picture = await prepare.preparePicture(bytes, detail, origin);
			expect(picture.untouched).toBe(true);
			expect((await picture.bytes()).equals(bytes)).toBe(true);
		}
	},
);

it.each(['detailed', 'page'] as const)('with detail %s too, and in one view', async (detail) => {
	const wanted = { detail, maxCrops: 4, square: true };
	const [picture, ...crops] = await views.prepareViews(files.png!, wanted, origin);
	expect(crops).toEqual([]);
	expect(picture.untouched).toBe(true);
	expect((await picture.bytes()).equals(files.png!)).toBe(true);
});

it.each<[Format | 'gif', string]>([
	['webp', 'a WebP picture'],
	['avif', 'an AVIF picture'],
	['tiff', 'a TIFF picture'],
	['gif', 'a GIF picture'],
])('a %s is an error that says what is missing', async (format, name) => {
	const bytes = format === 'gif' ? gif : files[format]!;
	await expect(prepare.preparePicture(bytes, 'auto', origin)).rejects.toMatchObject({
		name: 'Failure',
		message: `The binary field "data" holds ${name}, and the library that converts it (sharp) cannot be loaded here (Could not load the "sharp" module using the linuxmusl-x64 runtime). ${origin.inventory}`,
		advice: expect.stringContaining('Send PNG or JPEG'),
		facts: { kind: 'input', field: 'Input Data Field Name(s)' },
	});
});

it('what is no picture is told the same way as with sharp', async () => {
	await expect(prepare.preparePicture(heic(), 'auto', origin)).rejects.toMatchObject({
		message: expect.stringContaining('holds a HEIC picture, which cannot be sent'),
	});
});

it('pictures that are too large are not made smaller, and no error', async () => {
	const pictures = [
		await prepare.preparePicture(files.png!, 'auto', origin),
		await prepare.preparePicture(files.jpeg!, 'auto', origin),
	];
	expect(await fit.fitInline(pictures, 100, true)).toEqual(pictures);
});
