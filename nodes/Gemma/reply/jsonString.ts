import { Trouble } from './jsonTrouble';

/** What closes a string, by the quote that opened it. */
const CLOSERS: Record<string, string> = {
	'"': '"',
	"'": "'",
	'“': '“”',
	'”': '“”',
	'‘': '‘’',
	'’': '‘’',
};

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** What can stand behind a string; a line's end, since a comma may be missing there. */
const BEHIND = /[^\S\n]*(?:[,:}\]\n]|\/[/*]|$)/y;

export const opensString = (char: string | undefined): boolean =>
	char !== undefined && char in CLOSERS;

/**
 * Reads a string with plain or typographic quotes; it may run over several lines.
 *
 * A quote inside that nobody escaped is kept when it can be nothing else: a pair around words of
 * the text, as in `"She said "no" to it"`. One alone may as well be the end of a string whose
 * comma or other quote was lost.
 *
 * @throws Trouble for anything that has more than one reading, or none.
 */
export function readString(text: string, start: number): { value: string; end: number } {
	const closers = CLOSERS[text[start]];
	let value = '';
	let quotes = 0;
	let at = start + 1;
	while (at < text.length) {
		const char = text[at];
		if (char === '\\') {
			const escape = readEscape(text, at, closers);
			value += escape.value;
			at = escape.end;
			continue;
		}
		if (closers.includes(char)) {
			const ends = matches(BEHIND, text, at + 1);
			if (ends && quotes % 2 === 0) return { value, end: at + 1 };
			if (ends || char !== '"' || !quotesWords(text, at, quotes % 2 === 0)) {
				throw new Trouble(at, 'a quote inside a string is not escaped, or a comma is missing');
			}
			quotes++;
		} else if (char < ' ' && !'\n\r\t'.includes(char)) {
			throw new Trouble(at, 'a control character stands in a string');
		}
		value += char;
		at++;
	}
	throw new Trouble(start, 'a string is not closed', true);
}

function readEscape(text: string, at: number, closers: string): { value: string; end: number } {
	if (matches(ESCAPE, text, at)) {
		const end = ESCAPE.lastIndex;
		return { value: JSON.parse(`"${text.slice(at, end)}"`) as string, end };
	}
	if (closers === "'" && text[at + 1] === "'") return { value: "'", end: at + 2 };
	throw new Trouble(
		at,
		'a backslash in a string begins no escape that JSON has',
		at + 1 >= text.length,
	);
}

const quotesWords = (text: string, at: number, opening: boolean): boolean =>
	opening
		? /[\s(]/.test(text[at - 1]) && /[^\s"]/.test(text[at + 1])
		: /\S/.test(text[at - 1]) && /[\s.;!?)]/.test(text[at + 1]);

/** Whether the sticky pattern fits right here. */
export function matches(pattern: RegExp, text: string, at: number): boolean {
	pattern.lastIndex = at;
	return pattern.test(text);
}
