import { crc32 } from 'node:zlib';

import sharp from 'sharp';
import { preparePicture } from '../../nodes/Gemma/images/prepare';
import { rejectionOf } from '../support/failure';
import { heic, pdf, photo, solid, svg, truncated, type Format } from '../support/pictures';

const origin = {
	field: 'Input Data Field Name(s)',
	label: 'The binary field "data"',
	inventory: "The item's binary fields: data (photo.jpg, image/jpeg)",
};
let source: Buffer;
beforeAll(async () => {
	source = await photo({ width: 1000, height: 1000, quality: 60 });
});

const refused = async (bytes: Buffer | string, detail: 'auto' | 'original' = 'auto') =>
	await rejectionOf(preparePicture(Buffer.from(bytes as string), detail, origin));

it.each<[string, Buffer | string, string]>([
	['a PDF document', pdf(), 'Extract From File'],
	['a HEIC picture', heic(), 'Most Compatible'],
	['an SVG drawing', svg('red'), 'as PNG'],
	['an HTML page', '<!doctype html><title>Log in</title>', 'the address of the picture itself'],
	['a JSON text', '{"error": "gone"}', 'PNG, JPEG, WebP, GIF, AVIF or TIFF'],
	['a text', 'Hello', 'PNG, JPEG, WebP, GIF, AVIF or TIFF'],
	['a picture written as base64 text', '/9j/4AAQSkZJRg', 'Move Base64 String to File'],
	['an empty file', '', 'PNG, JPEG, WebP, GIF, AVIF or TIFF'],
	['a file of unknown type', Buffer.from([0, 1, 2]), 'PNG, JPEG, WebP, GIF, AVIF or TIFF'],
])('%s: the error names it, the fields of the item and a remedy', async (name, bytes, remedy) => {
	for (const detail of ['auto', 'original'] as const) {
		const { message, advice, facts } = await refused(bytes, detail);
		expect(message).toBe(
			`The binary field "data" holds ${name}, which cannot be sent as a picture. ${origin.inventory}`,
		);
		expect(advice).toContain(remedy);
		expect(facts).toEqual({ kind: 'input', field: 'Input Data Field Name(s)' });
	}
});

it('without fields to name, the sentence ends before them', async () => {
	const url = { field: 'URL(s)', label: 'The address at example.com', inventory: '' };
	const { message } = await rejectionOf(preparePicture(pdf(), 'auto', url));
	expect(message).toBe(
		'The address at example.com holds a PDF document, which cannot be sent as a picture',
	);
});

describe.each<[Format, string]>([
	['jpeg', 'a JPEG picture'],
	['png', 'a PNG picture'],
	['gif', 'a GIF picture'],
	['webp', 'a WebP picture'],
	['tiff', 'a TIFF picture'],
	['avif', 'an AVIF picture'],
])('a %s that was cut off', (format, name) => {
	const cutOff = async (side: number) =>
		truncated(await sharp(source).resize(side, side).toFormat(format).toBuffer());

	it.each([
		['small', 300],
		['large', 1000],
	])('and is %s is an error that says so', async (_, side) => {
		const { message, advice, facts } = await refused(await cutOff(side));
		expect(message).toMatch(
			new RegExp(`^The binary field "data" holds ${name} that is cut off or damaged \\(.+\\)\\. `),
		);
		expect(message).toMatch(/binary fields: data \(photo\.jpg, image\/jpeg\)$/);
		expect(message).not.toContain('\n');
		expect(advice).toContain('interrupted download');
		expect(facts).toEqual({ kind: 'input', field: 'Input Data Field Name(s)' });
	});

	it('is an error with detail original too', async () => {
		expect((await refused(await cutOff(300), 'original')).message).toContain('cut off or damaged');
	});
});

it('nothing but the first bytes of a picture is an error', async () => {
	for (const format of ['png', 'jpeg', 'gif', 'webp'] as const) {
		const head = (await solid(format, 20, 20, 'red')).subarray(0, 40);
		expect((await refused(head)).facts).toEqual({ kind: 'input', field: origin.field });
	}
});

describe('more pixels than can be decoded', () => {
	/** The first chunk says what the size is, and nothing after it is looked at. */
	const huge = async (width: number, height: number) => {
		const png = await solid('png', 8, 8, 'red');
		png.writeUInt32BE(width, 16);
		png.writeUInt32BE(height, 20);
		png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
		return png;
	};

	it.each(['auto', 'original'] as const)('are told with the size, detail %s', async (detail) => {
		const { message, advice, facts } = await refused(await huge(20_000, 15_000), detail);
		expect(message).toBe(
			`The binary field "data" holds a PNG picture of 20000 × 15000 pixels, and more than 268 million cannot be decoded. ${origin.inventory}`,
		);
		expect(advice).toContain('Edit Image');
		expect(facts).toEqual({ kind: 'input', field: 'Input Data Field Name(s)' });
	});

	it('begin above 16383 × 16383', async () => {
		expect((await refused(await huge(16_383, 16_384))).message).toContain('16383 × 16384');
		// What is missing of it is the trouble then.
		expect((await refused(await huge(16_383, 16_383))).message).toContain('cut off or damaged');
	});
});
