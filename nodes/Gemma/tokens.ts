/** The chat template's own tokens, and some that an estimate may miss. */
export const SLACK = 64;

/** Tenths of a token; of ASCII, Gemma's tokenizer gives every digit a token of its own. */
const LETTER = 3;
const EUROPEAN = 5;
const SIGN = 10;

/** The end of the Latin, Greek and Cyrillic blocks. */
const EUROPEAN_END = 0x530;

/**
 * What a text costs at most, in tenths of a token, by the kinds of its characters: Gemma takes
 * about 4.3 English letters a token, 3 of other European scripts, and seldom more than one
 * character of the rest, which counts by UTF-16 unit. Costs of neighbours add up exactly.
 */
export function tenthsOf(text: string): number {
	let tenths = 0;
	for (let at = 0; at < text.length; at++) tenths += tenthsOfUnit(text.charCodeAt(at));
	return tenths;
}

/** The tokens of a text, rather too many than too few. */
export const estimateTokens = (text: string): number => Math.ceil(tenthsOf(text) / 10);

function tenthsOfUnit(unit: number): number {
	if (unit === 0x20 || (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a)) {
		return LETTER;
	}
	return unit >= 0xc0 && unit < EUROPEAN_END ? EUROPEAN : SIGN;
}

/** The tokens that a text has at the very least: no token of Gemma's reaches over a space. */
export const fewestTokens = (text: string): number => text.match(/\S+/g)?.length ?? 0;
