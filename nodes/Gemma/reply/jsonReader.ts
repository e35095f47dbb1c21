import { isDeepStrictEqual } from 'node:util';

import { shown } from '../failure';
import { JSON_NUMBER, keepsValue } from './jsonNumber';
import { matches, opensString, readString } from './jsonString';
import { asTrouble, Trouble } from './jsonTrouble';

/** Deeper data is no answer to a prompt, and other readers of it would run out of stack. */
const DEEPEST = 500;

/** Between values: blanks of all kinds, line comments, block comments. */
const BETWEEN = /(?:[\s\u200b]|\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/)*/y;
const NUMBER_START = /[-+\d]|\.\d/y;
const NUMBER_LIKE = /[-+.\w]+/y;
const KEY = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const WORD = /[\p{L}\p{N}_$]+/uy;

/** JSON's words and Python's. */
const WORDS = new Map<string, boolean | null>([
	['true', true],
	['false', false],
	['null', null],
	['True', true],
	['False', false],
	['None', null],
]);

/** Words whose meaning as a name differs from language to language, or that JSON cannot say. */
const NO_NAMES = new Set([...WORDS.keys(), 'NaN', 'Infinity', 'undefined']);

export interface Structure {
	data: object;
	/** Index right behind the closing bracket. */
	end: number;
}

/**
 * Reads the object or array that begins at `start`, in JSON or in a form close to it that has one
 * reading only: trailing commas, names without quotes, single and typographic quotes, comments,
 * Python's words, a comma missing at a line's end.
 *
 * Everything else is trouble, and so is what JSON.parse passes in silence: a name that stands twice
 * with different values, and a number that JavaScript cannot hold.
 */
export function readStructure(text: string, start: number): Structure | Trouble {
	const reader = new Reader(text, start);
	try {
		return { data: reader.structure(1), end: reader.at };
	} catch (error) {
		return asTrouble(error);
	}
}

class Reader {
	constructor(
		private readonly text: string,
		public at: number,
	) {}

	structure(depth: number): object {
		if (depth > DEEPEST) this.fail(`brackets are nested more than ${DEEPEST} deep`);
		return this.text[this.at] === '{' ? this.object(depth) : this.array(depth);
	}

	private object(depth: number): object {
		const members = new Map<string, unknown>();
		this.open();
		while (this.text[this.at] !== '}') {
			const keyAt = this.at;
			const key = this.key();
			this.skip();
			if (this.text[this.at] !== ':') this.fail('a colon is missing behind a name');
			this.at++;
			this.skip();
			const value = this.value(depth);
			if (members.has(key) && !isDeepStrictEqual(members.get(key), value)) {
				this.fail(`the name "${shown(key)}" stands twice, with different values`, keyAt);
			}
			members.set(key, value);
			this.separator('}');
		}
		this.at++;
		return Object.fromEntries(members);
	}

	private array(depth: number): unknown[] {
		const entries: unknown[] = [];
		this.open();
		while (this.text[this.at] !== ']') {
			entries.push(this.value(depth));
			const comma = this.separator(']');
			if (!comma && typeof entries.at(-1) === 'string' && opensString(this.text[this.at])) {
				this.fail('a comma is missing between two texts, or they are one in two pieces');
			}
		}
		this.at++;
		return entries;
	}

	private value(depth: number): unknown {
		const char = this.text[this.at];
		if (char === '{' || char === '[') return this.structure(depth + 1);
		if (opensString(char)) return this.string();
		return matches(NUMBER_START, this.text, this.at) ? this.number() : this.word();
	}

	private key(): string {
		if (opensString(this.text[this.at])) return this.string();
		const word = this.take(KEY);
		if (word === '') this.unexpected('a name is expected');
		if (NO_NAMES.has(word))
			this.fail(`${word} stands as a name without quotes`, this.at - word.length);
		return word;
	}

	private string(): string {
		const { value, end } = readString(this.text, this.at);
		this.at = end;
		return value;
	}

	private number(): number {
		const start = this.at;
		const written = this.take(NUMBER_LIKE);
		if (!JSON_NUMBER.test(written)) this.fail(`${shown(written)} is no number in JSON`, start);
		if (!keepsValue(written)) {
			this.fail(
				`the number ${shown(written)} is beyond what can be held exactly; as text it can`,
				start,
			);
		}
		return Number(written);
	}

	private word(): boolean | null {
		const start = this.at;
		const word = this.take(WORD);
		if (word === '') this.unexpected('a value is expected');
		const value = WORDS.get(word);
		if (value === undefined) this.fail(`${shown(word)} is no JSON value; text needs quotes`, start);
		return value;
	}

	/** Past the opening bracket. */
	private open(): void {
		this.at++;
		this.skip();
	}

	/** Past what parts two values; whether a comma did, and not a line's end alone. */
	private separator(close: string): boolean {
		const start = this.at;
		this.skip();
		const newLine = this.text.slice(start, this.at).includes('\n');
		if (this.text[this.at] === ',') {
			this.at++;
			this.skip();
			return true;
		}
		if (this.text[this.at] !== close && !newLine) {
			this.unexpected(`a comma or ${close} is expected`);
		}
		return false;
	}

	private skip(): void {
		this.take(BETWEEN);
	}

	private take(pattern: RegExp): string {
		const start = this.at;
		if (matches(pattern, this.text, start)) this.at = pattern.lastIndex;
		return this.text.slice(start, this.at);
	}

	private unexpected(expected: string): never {
		const rest = this.text.slice(this.at, this.at + 3);
		if (rest === '' || rest === '```') {
			throw new Trouble(this.at, 'it ends before its brackets are closed', true);
		}
		if (/^(?:\.\.\.|…)/.test(rest)) this.fail('an ellipsis stands for something left out');
		if (/^\d/.test(rest)) this.fail(`${expected}, not a digit (numbers take a point, no commas)`);
		return this.fail(`${expected}, not ${rest[0]}`);
	}

	private fail(why: string, at = this.at): never {
		throw new Trouble(at, why);
	}
}
