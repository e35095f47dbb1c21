import sharp from 'sharp';

import { seededRandom } from './random';

/** An A4 page at 200 dpi. */
const WIDTH = 1654;
const HEIGHT = 2339;
const DOTS_A_POINT = 200 / 72;
const MARGIN = 160;
const LINES = 60;
const WORDS_A_LINE = 10;

/** What an OCR program cannot guess from a dictionary, and an invoice is full of. */
function print(random: () => number): string[][] {
	const pick = (letters: string) => letters[Math.floor(random() * letters.length)];
	const syllable = () => pick('bdfgklmnprstvz') + pick('aeiou');
	const word = () => `${syllable()}${syllable()}${random() < 0.5 ? syllable() : ''}${pick('nrst')}`;
	const amount = () => (100 + random() * 900).toFixed(2);
	return Array.from({ length: LINES }, () =>
		Array.from({ length: WORDS_A_LINE }, (_, i) => (i % 3 === 2 ? amount() : word())),
	);
}

/** A page of 10-point print, a little soft as a scanner sees it, and the words on it. */
export async function scannedPage(seed = 1): Promise<{ scan: Buffer; words: string[] }> {
	const lines = print(seededRandom(seed));
	const text = lines.map((words, i) => {
		const y = MARGIN + i * 12 * DOTS_A_POINT;
		return `<text x="${MARGIN}" y="${y.toFixed(1)}">${words.join(' ')}</text>`;
	});
	const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
		<rect width="100%" height="100%" fill="#f7f6f2"/>
		<g fill="#333" font-family="Liberation Serif, Times New Roman, DejaVu Serif, serif" font-size="${10 * DOTS_A_POINT}">${text.join('')}</g>
	</svg>`;
	const scan = await sharp(Buffer.from(drawing))
		.blur(0.6)
		.grayscale()
		.jpeg({ quality: 80 })
		.toBuffer();
	return { scan, words: lines.flat() };
}
