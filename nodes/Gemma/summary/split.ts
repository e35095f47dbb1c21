import { tenthsOf } from '../tokens';

/** Where sentences and words end differs by script, not by language, and scripts are told apart by themselves. */
const LOCALE = 'en';

/** Ways to cut a text, from the kindest to the last; the pieces of each, joined, are the text. */
const CUTS: Array<(text: string) => Iterable<string>> = [
	(text) => text.match(/[^]*?(?:\n\s*\n|$)/g) ?? [],
	(text) => segments(text, 'sentence'),
	(text) => segments(text, 'word'),
	(text) => text,
];

/**
 * Cuts a text into the fewest parts of at most so many tokens (as `tokens.ts`
 * estimates them) that keep its order: at a paragraph's end where it can be, else at a sentence's,
 * else at a word's. Only blank space at the borders is lost; no character is cut in two.
 *
 * @param mostTokens at least 2.
 */
export function splitText(text: string, mostTokens: number): string[] {
	const most = mostTokens * 10;
	const parts: string[] = [];
	let part = '';
	let tenths = 0;
	const add = (piece: string, level: number) => {
		const cost = tenthsOf(piece);
		if (tenths + cost > most && cost > most && level < CUTS.length) {
			for (const smaller of CUTS[level](piece)) add(smaller, level + 1);
			return;
		}
		if (tenths + cost > most) {
			parts.push(part);
			part = '';
			tenths = 0;
		}
		part += piece;
		tenths += cost;
	};
	add(text, 0);
	return [...parts, part].map((each) => each.trim()).filter((each) => each !== '');
}

/** Segmenting takes time by the square of the length, so it is done by windows of this many units. */
const WINDOW = 1024;

function* segments(text: string, granularity: 'sentence' | 'word'): Iterable<string> {
	const segmenter = new Intl.Segmenter(LOCALE, { granularity });
	for (let at = 0, window = WINDOW; at < text.length; ) {
		const end = at + window;
		const from = at;
		for (const { segment, index } of segmenter.segment(text.slice(at, end))) {
			// One that ends with the window may go on behind it.
			const isWhole = from + index + segment.length < end || end >= text.length;
			if (!isWhole || (window > WINDOW && index > 0)) break;
			yield segment;
			at += segment.length;
		}
		window = at > from ? WINDOW : window * 2;
	}
}
