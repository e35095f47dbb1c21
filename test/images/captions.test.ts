import { captions } from '../../nodes/Gemma/images/captions';
import { inMemory, type View } from '../../nodes/Gemma/images/picture';

const picture = (view?: View) => inMemory('image/png', Buffer.alloc(1), { view });
const alone = [picture()];
const cut = (shape: Omit<View, 'index'>) => [
	picture(shape),
	...Array.from({ length: shape.rows * shape.columns }, (_, index) => picture({ ...shape, index })),
];
const wide = cut({ kind: 'detailed', rows: 1, columns: 2 });
const tall = cut({ kind: 'detailed', rows: 3, columns: 1 });
const page = cut({ kind: 'page', rows: 2, columns: 2 });

it('pictures that are sent whole need no words', () => {
	expect(captions([])).toEqual([]);
	expect(captions([...alone, ...alone])).toEqual(['', '']);
});

it('of a picture in detail they tell the whole from its crops, and which way these go', () => {
	expect(captions(wide)).toEqual([
		'The whole picture:',
		'Crops of that picture, from left to right, in which its details are easier to see:',
		'',
	]);
	expect(captions(tall)[1]).toContain('from top to bottom');
});

it('of a page they tell the place of each tile', () => {
	expect(captions(page)).toEqual([
		'The whole page, in small:',
		'The same page again, in 4 tiles that overlap a little, in which its print is easier to read. Row 1 of 2, column 1 of 2:',
		'Row 1 of 2, column 2 of 2:',
		'Row 2 of 2, column 1 of 2:',
		'Row 2 of 2, column 2 of 2:',
	]);
});

it('of several pictures, those sent alone among them, each is counted', () => {
	expect(captions([...wide, ...alone, ...page])).toEqual([
		'Picture 1 of 3, the whole picture:',
		'Crops of picture 1 of 3, from left to right, in which its details are easier to see:',
		'',
		'Picture 2 of 3:',
		'Picture 3 of 3, the whole page, in small:',
		expect.stringMatching(/^Picture 3 of 3 again, in 4 tiles .* Row 1 of 2, column 1 of 2:$/),
		...['Row 1 of 2, column 2 of 2:', 'Row 2 of 2, column 1 of 2:', 'Row 2 of 2, column 2 of 2:'],
	]);
});
