import { fitInline } from '../../nodes/Gemma/images/fit';
import {
	base64Characters,
	dataUri,
	inMemory,
	type Picture,
} from '../../nodes/Gemma/images/picture';
import { preparePicture } from '../../nodes/Gemma/images/prepare';
import { INLINE_CHARACTERS } from '../../nodes/Gemma/images/road';
import { photo, solid } from '../support/pictures';
import { colour, see } from '../support/pixels';

const origin = { field: 'URL(s)', label: 'The picture', inventory: '' };
const prepared = async (bytes: Buffer) => await preparePicture(bytes, 'auto', origin);
const sizes = async (pictures: Picture[]) =>
	await Promise.all(
		pictures.map(async (picture) => {
			const { width, height } = await see(await picture.bytes());
			return [width, height];
		}),
	);

let ordinary: Picture;
let small: Picture;
beforeAll(async () => {
	ordinary = await prepared(await photo({ width: 4000, height: 3000 }));
	small = await prepared(await photo({ width: 320, height: 240, seed: 2 }));
});

it('characters are counted as base64 has them', async () => {
	for (const length of [0, 1, 2, 3, 4, 1000]) {
		const picture = inMemory('image/png', Buffer.alloc(length, 1));
		const uri = await dataUri(picture);
		expect(base64Characters([picture])).toBe(uri.length - 'data:image/png;base64,'.length);
		expect(base64Characters([picture, picture])).toBe(base64Characters([picture]) * 2);
	}
});

it('an ordinary photo of 12 megapixels fits for Gemma 3', async () => {
	const fitted = await fitInline([ordinary], INLINE_CHARACTERS, true);
	expect(base64Characters(fitted)).toBeLessThanOrEqual(180_000);
	expect((await dataUri(fitted[0])).length).toBeLessThanOrEqual(180_000 + 30);
});

it('what fits already stays the very same, at the limit too', async () => {
	const characters = base64Characters([ordinary]);
	const given = [ordinary];
	expect(await fitInline(given, characters, true)).toBe(given);
	const [smaller] = await fitInline(given, characters - 1, true);
	expect(smaller.length).toBeLessThan(ordinary.length);
});

it('for models that keep the shape, quality goes down and the shape stays', async () => {
	const fitted = await fitInline([ordinary], 1000, false);
	expect(await sizes(fitted)).toEqual([[1195, 896]]);
	expect(fitted[0].length).toBeLessThan(ordinary.length);
});

it('for Gemma 3 the square comes last, and is what the model makes of the picture', async () => {
	const gently = await fitInline([ordinary], base64Characters([ordinary]) - 1, true);
	expect(await sizes(gently)).toEqual([[1195, 896]]);
	const squared = await fitInline([ordinary], 1000, true);
	expect(await sizes(squared)).toEqual([[896, 896]]);
	expect(squared[0].mediaType).toBe('image/jpeg');
});

it('when nothing fits, the smallest is given', async () => {
	const smallest = await fitInline([ordinary], 1, true);
	const fitting = await fitInline([ordinary], base64Characters(smallest), true);
	expect(base64Characters(fitting)).toBe(base64Characters(smallest));
});

it('several pictures have to fit together, in their order', async () => {
	const pictures = [small, ordinary, await prepared(await solid('png', 300, 200, 'blue'))];
	const fitted = await fitInline(pictures, 200_000, true);
	expect(base64Characters(fitted)).toBeLessThanOrEqual(200_000);
	const seen = await Promise.all(fitted.map(async (picture) => await see(await picture.bytes())));
	expect(seen.map(({ width }) => width)).toEqual([320, expect.any(Number), 300]);
	expect(colour(seen[2].at(100, 100))).toBe('blue');
});

it('a view of a picture stays that view', async () => {
	const view = { kind: 'detailed' as const, rows: 1, columns: 2, index: 1 };
	const [fitted] = await fitInline([{ ...ordinary, view }], 1000, true);
	expect(fitted.length).toBeLessThan(ordinary.length);
	expect(fitted.view).toEqual(view);
});

it('no picture grows', async () => {
	const pictures = [small, ordinary, await prepared(await solid('png', 40, 40, 'red'))];
	const fitted = await fitInline(pictures, 1, true);
	fitted.forEach(({ length }, i) => expect(length).toBeLessThanOrEqual(pictures[i].length));
	expect(fitted[2]).toBe(pictures[2]);
});

it('nothing is squared or touched that is not ours to change', async () => {
	const untouched = { ...ordinary, untouched: true };
	expect(await fitInline([untouched, small], 1, true)).toEqual([untouched, small]);
	expect(await fitInline([], 1, true)).toEqual([]);
});

it('the pictures given are not changed, so that they can travel another road', async () => {
	const before = Buffer.from(await ordinary.bytes());
	await fitInline([ordinary], 1, true);
	expect((await ordinary.bytes()).equals(before)).toBe(true);
});
