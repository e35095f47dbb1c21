import { estimateTokens } from '../tokens';
import { splitText } from './split';

/** A text to be summarized, or notes on a part of one. */
export interface Source {
	/** What it is called where it stands among others: its number; '' when it stands alone. */
	label: string;
	text: string;
}

/** As a prompt shows them. */
export const shownTogether = (sources: Source[]): string =>
	sources.map(({ label, text }) => (label ? `[${label}]\n${text}` : text)).join('\n\n');

/**
 * Puts texts together into the fewest parts of at most so many tokens, in their order. One that is
 * too long for a part of its own is cut; its last piece leaves room for the next text.
 */
export function pack(sources: Source[], mostTokens: number): Source[][] {
	const parts: Source[][] = [];
	let part: Source[] = [];
	let left = mostTokens;
	for (const piece of sources.flatMap((source) => piecesOf(source, mostTokens))) {
		const tokens = tokensOf(piece);
		if (tokens > left && part.length > 0) {
			parts.push(part);
			part = [];
			left = mostTokens;
		}
		part.push(piece);
		left -= tokens;
	}
	return part.length > 0 ? [...parts, part] : parts;
}

function piecesOf(source: Source, mostTokens: number): Source[] {
	if (tokensOf(source) <= mostTokens) return [source];
	const { label, text } = source;
	const continued = label && `${label}, continued`.replace(/(, continued)+$/, ', continued');
	const forLabel = tokensOf({ label: continued, text: '' });
	return splitText(text, Math.max(2, mostTokens - forLabel)).map((piece, index) => ({
		label: index === 0 ? label : continued,
		text: piece,
	}));
}

/** With the blank line behind it. */
const tokensOf = (source: Source) => estimateTokens(`${shownTogether([source])}\n\n`);
