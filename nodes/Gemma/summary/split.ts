import { tenthsOf } from '../conversation/tokens';

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
 * Cuts a text into the fewest parts of at most so many tokens (as `conversation/tokens.ts`
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

function* segments(text: string, granularity: 'sentence' | 'word'): Iterable<string> {
	for (const { segment } of new Intl.Segmenter(LOCALE, { granularity }).segment(text)) {
		yield segment;
	}
}
