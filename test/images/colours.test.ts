import sharp, { type Sharp } from 'sharp';
import { preparePicture } from '../../nodes/Gemma/images/prepare';
import { photo } from '../support/pictures';
import { colour, see } from '../support/pixels';

const origin = { field: 'URL(s)', label: 'The picture', inventory: '' };
const prepared = async (bytes: Buffer) =>
	await see(await (await preparePicture(bytes, 'auto', origin)).bytes());

/** Left half of `left`, right half see-through, whatever colour may lie under it. */
const halfClear = (side: number, left: string) =>
	sharp({ create: { width: side, height: side, channels: 4, background: '#00000000' } }).composite([
		{
			input: { create: { width: side / 2, height: side, channels: 4, background: left } },
			left: 0,
			top: 0,
		},
	]);
/** Left half red, right half blue. */
const twoColours = (side: number) =>
	sharp({ create: { width: side, height: side, channels: 3, background: 'blue' } }).composite([
		{
			input: { create: { width: side / 2, height: side, channels: 3, background: 'red' } },
			left: 0,
			top: 0,
		},
	]);
const halves = ({ at, width, height }: Awaited<ReturnType<typeof see>>) =>
	[at(width / 4, height / 2), at((width * 3) / 4, height / 2)].map(colour);

it.each<[string, (image: Sharp) => Sharp, number]>([
	['a WebP', (image) => image.webp({ lossless: true }), 40],
	['a GIF', (image) => image.gif(), 40],
	['an AVIF', (image) => image.avif({ quality: 90 }), 64],
	['a TIFF', (image) => image.tiff({ compression: 'lzw' }), 40],
	['a small PNG', (image) => image.png(), 40],
	['a small PNG with a palette', (image) => image.png({ palette: true }), 40],
	['a PNG of just the model’s size', (image) => image.png(), 896],
	['a large PNG', (image) => image.png(), 1000],
	['a large PNG with a palette', (image) => image.png({ palette: true }), 1000],
])('what %s leaves see-through is white for the model', async (_, write, side) => {
	const seen = await prepared(await write(halfClear(side, 'red')).toBuffer());
	expect(halves(seen)).toEqual(['red', 'white']);
	expect(seen.at(1, 1).slice(3)).toEqual([]);
});

it.each<[string, string]>([
	['see-through', '#00000000'],
	['opaque', '#336699'],
])('a small %s PNG with an alpha channel stays a PNG of its size', async (_, background) => {
	const bytes = await sharp({ create: { width: 300, height: 200, channels: 4, background } })
		.png()
		.toBuffer();
	expect((await sharp(bytes).metadata()).hasAlpha).toBe(true);
	const picture = await preparePicture(bytes, 'auto', origin);
	expect(picture.mediaType).toBe('image/png');
	expect(await see(await picture.bytes())).toMatchObject({ width: 300, height: 200 });
	const original = await preparePicture(bytes, 'original', origin);
	expect(await original.bytes()).toEqual(bytes);
});

it('a small PNG of a photo with an alpha channel stays a PNG, whatever its size in bytes', async () => {
	const bytes = await sharp(await photo({ width: 300, height: 300 }))
		.ensureAlpha()
		.png()
		.toBuffer();
	expect((await preparePicture(bytes, 'auto', origin)).mediaType).toBe('image/png');
});

it('a half-clear colour is mixed with white', async () => {
	const bytes = await sharp({
		create: { width: 20, height: 20, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } },
	})
		.webp({ lossless: true })
		.toBuffer();
	const [red, green, blue] = (await prepared(bytes)).at(10, 10);
	expect(red).toBeGreaterThan(250);
	expect(Math.abs(green - 127)).toBeLessThan(6);
	expect(Math.abs(blue - 127)).toBeLessThan(6);
});

it('a large CMYK JPEG becomes sRGB', async () => {
	const cmyk = await twoColours(1000).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer();
	expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
	const seen = await prepared(cmyk);
	expect(seen.at(5, 5)).toHaveLength(3);
	const [red, , blue] = seen.at(200, 400);
	const [rightRed, , rightBlue] = seen.at(700, 400);
	// No printer's ink is as bright as a screen: more red than blue will do, and the reverse.
	expect(red - blue).toBeGreaterThan(120);
	expect(rightBlue - rightRed).toBeGreaterThan(50);
});

it.each<[string, (image: Sharp) => Sharp]>([
	['PNG', (image) => image.png()],
	['JPEG', (image) => image.jpeg()],
	['TIFF', (image) => image.tiff()],
])('a large grey %s keeps its greys', async (_, write) => {
	const grey = await write(
		sharp({
			create: { width: 1000, height: 1200, channels: 3, background: '#646464' },
		}).toColourspace('b-w'),
	).toBuffer();
	expect((await sharp(grey).metadata()).space).toBe('b-w');
	const seen = await prepared(grey);
	expect([seen.width, seen.height]).toEqual([896, 1075]);
	for (const value of seen.at(400, 400)) expect(Math.abs(value - 100)).toBeLessThan(4);
});

it.each([40, 1000])('a grey PNG of side %i is white where it is see-through', async (side) => {
	const grey = await halfClear(side, '#646464').toColourspace('b-w').png().toBuffer();
	expect(await sharp(grey).metadata()).toMatchObject({ space: 'b-w', channels: 2 });
	const seen = await prepared(grey);
	const [left, right] = [0.2, 0.7].map((share) => Math.round(seen.width * share));
	expect(Math.abs(seen.at(left, 10)[0] - 100)).toBeLessThan(4);
	expect(seen.at(right, 10)[0]).toBeGreaterThan(250);
});

it('a large PNG of 16 bits a colour becomes one of 8', async () => {
	const deep = await twoColours(1000).toColourspace('rgb16').png().toBuffer();
	expect((await sharp(deep).metadata()).depth).toBe('ushort');
	expect(halves(await prepared(deep))).toEqual(['red', 'blue']);
});

it('a large grey PNG of 16 bits keeps its greys', async () => {
	const deep = await sharp({
		create: { width: 1000, height: 1000, channels: 3, background: '#646464' },
	})
		.toColourspace('grey16')
		.png()
		.toBuffer();
	expect((await sharp(deep).metadata()).depth).toBe('ushort');
	expect(Math.abs((await prepared(deep)).at(400, 400)[0] - 100)).toBeLessThan(4);
});
