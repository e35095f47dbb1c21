import { STATUS_CODES } from 'node:http';

import { parseJson } from '../json';
import { hasFields, tellsError } from './choice';

/** A server's words are cut here, so that an error stays readable. */
const LONGEST = 500;

const STATUS_NAMES = new Set(Object.values(STATUS_CODES));

/** What an error body says. */
export interface ServerWords {
	/** On as few lines as the server used, at most 500 characters; never empty. */
	words: string;
	requestId?: string;
	/** The server's own name for the error, such as OpenAI's `insufficient_quota`. */
	code?: string;
}

/**
 * Reads the reason out of an error body, whatever its shape: OpenAI's and vLLM's `error` objects,
 * plain `error` strings, problem JSON, FastAPI's `detail` lists, the same behind a `data:`, S3's
 * XML, an HTML page, text or nothing.
 */
export function serverWords(body: string, status: number): ServerWords {
	// NVIDIA sends some error bodies as one event of a stream.
	const text = body.trim().replace(/^data:\s*/, '');
	const json = parseJson(text);
	const words = json === undefined ? fromText(text) : fromJson(json);
	const requestId = stringField(json, 'requestId') ?? stringField(json, 'request_id');
	const code = codeOf(json);
	return {
		words: cut(words || `The server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim()),
		...(requestId && { requestId }),
		...(code && { code }),
	};
}

function codeOf(json: unknown): string | undefined {
	const error = hasFields(json) ? (json.error ?? json) : undefined;
	return stringField(error, 'code') ?? stringField(error, 'type');
}

/** Whether an object that came under HTTP 200 is in truth an error, as OpenRouter and NVIDIA send. */
export function isErrorObject(value: unknown): boolean {
	if (value === null || typeof value !== 'object') return false;
	const { error, object, status, title, detail, choices } = value as Record<string, unknown>;
	if (tellsError(error)) return true;
	// An empty one says nothing beside a good reply, and is all there is without.
	if (choices === undefined && typeof error === 'object' && error !== null) return true;
	if (object === 'error') return true;
	return choices === undefined && status !== undefined && (title ?? detail) !== undefined;
}

/** The status that an error object names for itself, when it is one of HTTP's error codes. */
export function statusOf(value: unknown): number | undefined {
	const { status, code, error } = (value ?? {}) as Record<string, unknown>;
	const nested = (error ?? {}) as Record<string, unknown>;
	return [status, code, nested.status, nested.code]
		.map((value) => (typeof value === 'object' ? NaN : Number(value)))
		.find((number) => Number.isInteger(number) && number >= 400 && number <= 599);
}

/** Each reader finds words in one shape; the first that finds some wins. */
function fromJson(json: unknown): string {
	if (typeof json === 'string') return json;
	if (typeof json === 'number') return String(json);
	if (Array.isArray(json)) return json.map(fromJson).filter(Boolean).join('; ');
	if (json === null || typeof json !== 'object') return '';
	const { error, message, detail, title, metadata, errors, loc, msg } = json as Record<
		string,
		unknown
	>;
	if (msg !== undefined) {
		const said = fromJson(msg);
		return Array.isArray(loc) ? `${loc.map(fromJson).join(' -> ')}: ${said}` : said;
	}
	// OpenRouter wraps the upstream server's own words, which say more than its message.
	const raw = stringField(metadata, 'raw');
	if (raw) return [message, raw].filter(Boolean).join(': ');
	const said = typeof error === 'string' ? withMessage(error, message) : '';
	const list = fromJson(errors);
	const fields = list === '' && hasFields(errors) ? ofEachField(errors) : '';
	const words = [said, error, message, detail, list, title].map(fromJson).find(Boolean);
	return [words, fields].filter(Boolean).join(' ');
}

/** Fastify, Spring and others name the status in `error` and say in `message` what is wrong. */
function withMessage(error: string, message: unknown): string {
	const said = fromJson(message);
	if (said === '' || said === error) return error;
	return error === '' || STATUS_NAMES.has(error) ? said : `${error}: ${said}`;
}

/** ASP.NET and Laravel list what is wrong under the name of each field. */
const ofEachField = (errors: Record<string, unknown>): string =>
	Object.entries(errors)
		.map(([name, reasons]) => [name, fromJson(reasons)])
		.filter(([, reasons]) => reasons)
		.map(([name, reasons]) => `${name}: ${reasons}`)
		.join('; ');

function fromText(text: string): string {
	if (!text.startsWith('<')) return text;
	const xml = /<Message>([^<]*)/.exec(text)?.[1];
	if (xml) return [/<Code>([^<]*)/.exec(text)?.[1], xml].filter(Boolean).join(': ');
	// What is never closed ends with the text: searching on from every bracket would take minutes.
	const visible = text
		.replace(/<(script|style)[^]*?(<\/\1>|$)/gi, '')
		.replace(/<[^>]*(>|$)/g, '\n')
		.split('\n')
		.map((line) => line.trim());
	return visible.find((line) => line !== '') ?? '';
}

function stringField(value: unknown, name: string): string | undefined {
	const field = (value as Record<string, unknown> | null | undefined)?.[name];
	return typeof field === 'string' ? field : undefined;
}

function cut(words: string): string {
	const trimmed = words
		.replace(/[^\S\n]+/g, ' ')
		.replace(/ ?\n[ \n]*/g, '\n')
		.trim();
	if (trimmed.length <= LONGEST) return trimmed;
	// Half a character would be shown as a box.
	return `${trimmed.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
