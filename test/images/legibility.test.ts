import { prepareViews } from '../../nodes/Gemma/images/views';
import { see } from '../support/pixels';
import { scannedPage } from '../support/scan';
import { hasTesseract, wordsIn } from '../support/tesseract';

const origin = { field: 'URL(s)', label: 'The picture', inventory: '' };

// Where everything has to be checked, a missing program is a failure and not a reason to pass.
const canRead = hasTesseract() || Boolean(process.env.CI);
if (!canRead) {
	process.stderr.write('Left out, because tesseract is not installed: the test of small print\n');
}

(canRead ? it : it.skip)(
	'the tiles of an A4 scan at 200 dpi show words of 10 points that the single view loses (needs tesseract)',
	async () => {
		const { scan, words } = await scannedPage();
		const wanted = { detail: 'page', maxCrops: 9, square: true } as const;
		const pictures = await Promise.all(
			(await prepareViews(scan, wanted, origin)).map(async (view) => await view.bytes()),
		);
		const sizes = await Promise.all(pictures.map(async (picture) => await see(picture)));
		expect(sizes.map(({ width, height }) => [width, height])).toEqual(Array(7).fill([896, 896]));

		const [whole, ...tiles] = await Promise.all(pictures.map(wordsIn));
		const lost = words.filter((word) => !whole.has(word));
		const missing = words.filter((word) => !tiles.some((tile) => tile.has(word)));
		process.stderr.write(
			`Of ${words.length} words the single view loses ${lost.length}, the tiles ${missing.length}\n`,
		);
		expect(lost.length).toBeGreaterThan(5);
		expect(lost.filter((word) => missing.includes(word))).toEqual([]);
		expect(missing.length).toBeLessThan(words.length / 100);
	},
);
