import { matches } from './jsonString';
import { readStructure, type Structure } from './jsonReader';
import { Trouble } from './jsonTrouble';

/** A piece of a reply that may be its JSON. */
export interface Candidate {
	/** Index of its opening bracket. */
	at: number;
	/** Whether it stands in a code block that begins with it. */
	fenced: boolean;
	found: Structure | Trouble;
}

/** A code block's first or last line, or a bracket. */
const LANDMARK = /^[ \t]*(`{3,}|~{3,})[ \t]*([\w+.-]*)\s*|[[{\]}]/gm;

/**
 * What may stand between the JSON of a code block and the block's end. A comment matches in one way
 * only, or a long run of them before other text would take exponential time.
 */
const BLOCK_END = /\s*(?:(?:\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*\*\/|;)\s*)*(?:`{3,}|~{3,}|$)/y;

/** Words in brackets, as prose has them: [link], {name}, \frac{1}{2}, […]. */
const WORDS_IN_BRACKETS =
	/\[(?!\s*(?:[-+.]?\d|NaN\b|-?Infinity\b|undefined\b))[^[\]{}"'“”‘’,:\n]*\]|\{[^[\]{}"'“”‘’,:\n]*\}/y;

/** How far back one has to look to see what a bracket belongs to. */
const LOOK_BACK = 40;

/**
 * Finds the outermost objects and arrays of a reply, in its code blocks and in its prose, in order.
 * Brackets and fences inside the strings of one that was read are passed over. Behind one that
 * breaks off, all the rest of the reply belongs to it.
 */
export function findCandidates(reply: string): Candidate[] {
	const candidates: Candidate[] = [];
	const add = (at: number, fenced: boolean, found: Structure | Trouble): void => {
		candidates.push({ at, fenced, found });
	};
	/** The fence of an open code block that does not begin with JSON. */
	let block: string | undefined;
	let at = 0;
	for (;;) {
		LANDMARK.lastIndex = at;
		const landmark = LANDMARK.exec(reply);
		if (!landmark) return candidates;
		const [text, fence, language] = landmark;
		at = landmark.index + text.length;
		if (fence && block === fence[0] && language === '') {
			block = undefined;
			continue;
		}
		if (fence && !/[[{]/.test(reply.charAt(at))) {
			block = fence[0];
			continue;
		}
		const start = fence ? at : landmark.index;
		if (text === '}' || text === ']') {
			add(start, false, new Trouble(start, `a ${text} closes nothing`));
			continue;
		}
		const found = readStructure(reply, start);
		if (found instanceof Trouble) {
			if (matches(WORDS_IN_BRACKETS, reply, start)) {
				at = WORDS_IN_BRACKETS.lastIndex;
				continue;
			}
			add(start, fence !== undefined, found);
			if (found.unfinished) return candidates;
			at = Math.max(found.at, pastBroken(reply, start));
			continue;
		}
		at = found.end;
		if (fence) {
			const closed = matches(BLOCK_END, reply, at);
			if (closed) at = BLOCK_END.lastIndex;
			add(start, true, closed ? found : new Trouble(at, 'more text follows in its code block'));
		} else if (!belongsToProse(reply, start, found)) {
			add(start, false, partOfMore(reply, start, candidates.at(-1)) ?? found);
		}
	}
}

/** Whether brackets that read as an array are a subscript, a type, a link or a box to tick. */
function belongsToProse(reply: string, start: number, { data, end }: Structure): boolean {
	if (!Array.isArray(data) || data.length > 1 || typeof data[0] === 'object') return false;
	const before = reply.slice(Math.max(0, start - LOOK_BACK), start);
	const box = /(?:^|\n)[ \t]*(?:[-*+]|\d+[.)])[ \t]+$/.test(before);
	return (
		/[A-Za-z\d_)]$/.test(before) || reply[end] === '(' || (box && reply.slice(start, end) === '[ ]')
	);
}

/** The trouble of JSON whose outer brackets are lost, so that a part of it would pass for all. */
function partOfMore(
	reply: string,
	start: number,
	last: Candidate | undefined,
): Trouble | undefined {
	if (/["'“”]\s*:\s*$/.test(reply.slice(Math.max(0, start - LOOK_BACK), start))) {
		return new Trouble(start, 'it is the value of a name, without the object around it');
	}
	const lastEnd = last && !(last.found instanceof Trouble) ? last.found.end : start;
	return lastEnd < start && /^\s*,\s*$/.test(reply.slice(lastEnd, start))
		? new Trouble(start, 'values stand in a row without the brackets of an array')
		: undefined;
}

/**
 * Where a piece that could not be read may end: when its brackets are even, counted with and
 * without those in strings, whichever comes later. Its strings may be what is broken.
 */
function pastBroken(reply: string, start: number): number {
	const rest = reply.slice(start);
	const ends = [/[[{\]}]/g, /"(?:[^"\\]|\\[\s\S])*"|[[{\]}]/g].map((brackets) => {
		let depth = 0;
		for (const { 0: token, index } of rest.matchAll(brackets)) {
			if (token === '{' || token === '[') depth++;
			else if (token === '}' || token === ']') depth--;
			if (depth === 0) return index + 1;
		}
		return rest.length;
	});
	return start + Math.max(...ends);
}
