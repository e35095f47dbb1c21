import fc from 'fast-check';
import sharp from 'sharp';
import { sniff } from '../../nodes/Gemma/images/sniff';
import {
	animatedGif,
	heic,
	pdf,
	photo,
	solid,
	svg,
	truncated,
	type Format,
} from '../support/pictures';

const accepted = (mediaType: string) => expect.objectContaining({ kind: 'accepted', mediaType });

it('PNG and JPEG go as they are', async () => {
	expect(await sniff(await solid('png', 4, 4, 'red'))).toEqual(accepted('image/png'));
	expect(await sniff(await solid('jpeg', 4, 4, 'red'))).toEqual(accepted('image/jpeg'));
	const image = await photo({ width: 300, height: 200 });
	expect(await sniff(image)).toEqual(accepted('image/jpeg'));
	expect(await sniff(truncated(image))).toEqual(accepted('image/jpeg'));
});

it('an animated PNG is a PNG', async () => {
	const png = await solid('png', 4, 4, 'red');
	// acTL stands between IHDR, which ends at byte 33, and the pixels: one frame, no loops.
	const frames = Buffer.from('000000086163544c0000000100000000b92d9ab7', 'hex');
	const animated = Buffer.concat([png.subarray(0, 33), frames, png.subarray(33)]);
	expect(await sniff(animated)).toEqual(accepted('image/png'));
});

it('a PNG whose pixels begin far behind its head is one', async () => {
	const png = await solid('png', 4, 4, 'red');
	const comment = Buffer.concat([Buffer.from('tEXtComment\0'), Buffer.alloc(9000, 'x')]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(comment.length - 4);
	const checksum = Buffer.alloc(4);
	const parts = [png.subarray(0, 33), length, comment, checksum, png.subarray(33)];
	expect(await sniff(Buffer.concat(parts))).toEqual(accepted('image/png'));
});

it('a large TIFF, whose directory stands at its end, is one', async () => {
	const bytes = await solid('tiff', 400, 400, 'red');
	const large = await sharp(bytes).tiff({ compression: 'none' }).toBuffer();
	expect(large.readUInt32LE(4)).toBeGreaterThan(4100);
	expect(await sniff(large)).toMatchObject({ kind: 'convertible', name: 'a TIFF picture' });
	expect(await sniff(truncated(large))).toMatchObject({ name: 'a TIFF picture' });
	expect(await sniff(Buffer.from('MM\0*', 'latin1'))).toMatchObject({ name: 'a TIFF picture' });
});

it('a camera’s raw file, a TIFF but for an entry of its directory, cannot be read', async () => {
	const file = Buffer.alloc(6000);
	file.write('II*\0', 'latin1');
	file.writeUInt32LE(5000, 4);
	file.writeUInt16LE(1, 5000);
	file.writeUInt16LE(50706, 5002);
	expect(await sniff(file)).toEqual({
		kind: 'foreignPicture',
		name: 'a picture of type image/x-adobe-dng',
	});
});

it.each<[Format, string, boolean]>([
	['webp', 'a WebP picture', false],
	['gif', 'a GIF picture', true],
	['avif', 'an AVIF picture', false],
	['tiff', 'a TIFF picture', false],
])('%s is converted', async (format, name, graphics) => {
	const bytes = await solid(format, 8, 8, 'red');
	const paged = format === 'tiff' && { paged: true };
	expect(await sniff(bytes)).toEqual({ kind: 'convertible', name, graphics, ...paged });
});

it('an animated GIF is a GIF', async () => {
	expect(await sniff(await animatedGif())).toMatchObject({ name: 'a GIF picture' });
});

it.each([
	['HEIC', heic(), 'a HEIC picture'],
	['SVG', svg('red'), 'an SVG drawing'],
	[
		'SVG behind an XML declaration, a comment and a document type',
		Buffer.concat([
			Buffer.from(
				'\ufeff<?xml version="1.0"?>\n<!-- Drawn by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd" [ <!ENTITY a "b"> ]>\n',
			),
			svg('red'),
		]),
		'an SVG drawing',
	],
	['BMP', Buffer.concat([Buffer.from('BM'), Buffer.alloc(60)]), 'a picture of type image/bmp'],
])('%s is a picture that cannot be read', async (_, bytes, name) => {
	expect(await sniff(bytes)).toEqual({ kind: 'foreignPicture', name });
});

const HTML = '<!DOCTYPE html>\n<html><head><title>Log in</title></head><body></body></html>';
it.each<[string, Buffer | string, string]>([
	['PDF', pdf(), 'a PDF document'],
	['ZIP', Buffer.from('504b0304140000000000', 'hex'), 'a ZIP archive'],
	['XML', '<?xml version="1.0"?><rss></rss>', 'an XML text'],
	['GZIP', Buffer.from('1f8b0800000000000003', 'hex'), 'a file of type application/gzip'],
	['HTML', HTML, 'an HTML page'],
	['HTML with blanks in front', ` \n${HTML.toLowerCase()}`, 'an HTML page'],
	['HTML without a document type', '<html lang="en"></html>', 'an HTML page'],
	['HTML with a drawing in it', HTML.replace('<body>', '<body><svg width="1"/>'), 'an HTML page'],
	['JSON', ' {"error": "not found"}', 'a JSON text'],
	['JSON that holds a drawing', '{"icon": "<svg width=\\"1\\"/>"}', 'a JSON text'],
	['a JSON array', '[1, 2]', 'a JSON text'],
	['the base64 of a PNG', 'iVBORw0KGgoAAAANSUhEUg', 'a picture written as base64 text'],
	['the base64 of a JPEG', '/9j/4AAQSkZJRgABAQAAAQAB', 'a picture written as base64 text'],
	['the base64 of a GIF', 'R0lGODlhAQABAIAAAP', 'a picture written as base64 text'],
	['the base64 of a WebP', 'UklGRiQAAABXRUJQVlA4', 'a picture written as base64 text'],
	['a data URI', 'data:image/png;base64,iVBORw0KGgo', 'a picture written as base64 text'],
	['a sentence', 'Hello, this is text.', 'a text'],
	['a sentence about drawings', 'Write <svg > to begin a drawing.', 'a text'],
	['text with umlauts', 'Grüße aus Köln', 'a text'],
	['nothing', '', 'an empty file'],
	['bytes that are no text', Buffer.from([1, 2, 3, 250]), 'a file of unknown type'],
	['text with a NUL', 'Hello\0', 'a file of unknown type'],
	['Latin-1 text', Buffer.from('Grüße', 'latin1'), 'a file of unknown type'],
])('%s is no picture', async (_, content, name) => {
	expect(await sniff(Buffer.from(content as string))).toEqual({ kind: 'other', name });
});

it.each([1, 2, 3, 4])('text that is cut %i bytes into a character is text', async (cut) => {
	const before = 'x'.repeat(4100 - cut);
	expect(await sniff(Buffer.from(`${before}🙂${'y'.repeat(100)}`))).toEqual({
		kind: 'other',
		name: 'a text',
	});
});

it('any bytes are something, and never an error', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
			const { kind, name } = await sniff(bytes);
			expect(['accepted', 'convertible', 'foreignPicture', 'other']).toContain(kind);
			expect(name).toMatch(/^an? \S/);
		}),
	);
});
