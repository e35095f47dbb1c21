import { isDeepStrictEqual } from 'node:util';

import { shown } from '../failure';
import { parseJson } from '../json';
import { findCandidates, type Candidate } from './jsonCandidates';
import { JSON_NUMBER, keepsValue } from './jsonNumber';
import { readStructure } from './jsonReader';
import { place, Trouble } from './jsonTrouble';

export type JsonReply =
	| { ok: true; data: unknown }
	/** `why` is a sentence for the model and the user. */
	| { ok: false; why: string };

/** Blanks that `trim` does not know: zero-width space, joiners, word joiner. */
const UNSEEN = /[\s\u200b-\u200d\u2060]/;

/**
 * The JSON of a model's reply: the reply as it stands, whatever value that is (a text that holds an
 * object or array is unwrapped once); else the object or array of its code block; else the
 * outermost one in its prose. Several have to be equal.
 *
 * Only a piece of the last two kinds is repaired, only where it has one reading, and never when
 * `cutOff`. jsonrepair mends it, our own reader says what it may mean, and the two have to agree:
 * rather no data than wrong data.
 *
 * @param text the reply without its reasoning.
 * @param cutOff whether the reply ended at `max_tokens`.
 */
export async function parseJsonReply(text: string, cutOff: boolean): Promise<JsonReply> {
	const reply = trimmed(text);
	if (reply === '') return refused('The reply is empty, so it holds no JSON.');
	const whole = parseJson(reply);
	if (whole !== undefined) return asItStands(reply, whole, cutOff);

	const candidates = findCandidates(reply);
	const fenced = candidates.filter((candidate) => candidate.fenced);
	const chosen = fenced.length > 0 ? fenced : candidates;
	if (chosen.length === 0) {
		return refused(
			`The reply holds no JSON object or array${cutOff ? ' and was cut off' : ''}; it begins: ${shown(reply, 40)}`,
		);
	}
	const replies: JsonReply[] = [];
	for (const candidate of chosen) {
		const settled = await settle(reply, candidate, cutOff);
		if (!settled.ok) return settled;
		replies.push(settled);
	}
	const other = replies.findIndex((one) => !isDeepStrictEqual(one, replies[0]));
	return other < 0
		? replies[0]
		: refused(
				`The reply holds more than one JSON value, and they differ (the first at ${place(reply, chosen[0].at)}; another at ${place(reply, chosen[other].at)}).`,
			);
}

function asItStands(json: string, value: unknown, cutOff: boolean): JsonReply {
	if (typeof value === 'string') {
		const inner = trimmed(value);
		const data = parseJson(inner);
		return isStructure(data) ? asItStands(inner, data, cutOff) : { ok: true, data: value };
	}
	if (isStructure(value)) {
		const found = readStructure(json, 0);
		return found instanceof Trouble ? troubled(json, found, cutOff) : { ok: true, data: value };
	}
	if (!JSON_NUMBER.test(json)) return { ok: true, data: value };
	if (cutOff)
		return refused(`The reply was cut off, and the number ${shown(json)} may lack its end.`);
	return keepsValue(json)
		? { ok: true, data: value }
		: refused(`The number ${shown(json)} is beyond what can be held exactly; as text it can.`);
}

async function settle(reply: string, candidate: Candidate, cutOff: boolean): Promise<JsonReply> {
	const { at, found } = candidate;
	if (found instanceof Trouble) return troubled(reply, found, cutOff);
	const piece = reply.slice(at, found.end);
	const exact = parseJson(piece);
	if (exact !== undefined) return { ok: true, data: exact };
	if (cutOff) return refused('The reply was cut off, and its JSON is broken as it stands.');
	const mended = await repaired(piece);
	return isStructure(mended) && isDeepStrictEqual(mended, found.data)
		? { ok: true, data: mended }
		: refused(
				`The JSON in the reply is broken (${place(reply, at)}), and not in a way that can be mended safely.`,
			);
}

async function repaired(piece: string): Promise<unknown> {
	const { jsonrepair } = await import('jsonrepair');
	try {
		return parseJson(jsonrepair(piece));
	} catch {
		return undefined;
	}
}

const isStructure = (value: unknown): value is object =>
	typeof value === 'object' && value !== null;

const refused = (why: string): JsonReply => ({ ok: false, why });

const troubled = (text: string, { at, why }: Trouble, cutOff: boolean): JsonReply =>
	refused(
		`${cutOff ? 'The reply was cut off, and its JSON' : 'The JSON in the reply'} cannot be used: ${why} (${place(text, at)}).`,
	);

function trimmed(text: string): string {
	let from = 0;
	let to = text.length;
	while (from < to && UNSEEN.test(text[from])) from++;
	while (to > from && UNSEEN.test(text[to - 1])) to--;
	return text.slice(from, to);
}
