import { badRequest, extraInput } from '../refusal';
import { OPTIONAL_FIELDS, type ExtraRule, type SandboxSettings } from '../settings';
import { isObject, unknownKey, type JsonObject } from '../values';
import { toFormat, type Format } from './format';

const OWN_FIELDS = ['model', 'messages', 'max_tokens', 'temperature', 'top_p', 'stream'];
/** Output limit of the hosted models, in tokens. */
const MOST_TOKENS = 8192;
const DEFAULT_TOKENS = 512;
const MOST_CHOICES = 8;

export interface ChatFields {
	model: string;
	messages: unknown;
	maxTokens: number;
	stop: string[];
	stream: boolean;
	includeUsage: boolean;
	choices: number;
	format: Format;
}

function numberIn(
	body: JsonObject,
	field: string,
	rule: string,
	holds: (value: number) => boolean,
): number | undefined {
	const value = body[field];
	if (value === undefined) return undefined;
	if (typeof value !== 'number' || !holds(value)) {
		throw badRequest(`${field} must be ${rule}, got ${JSON.stringify(value)}`, field);
	}
	return value;
}

function checkExtras(body: JsonObject, { extras }: SandboxSettings): void {
	const optional: readonly string[] = OPTIONAL_FIELDS;
	for (const field of Object.keys(body)) {
		if (OWN_FIELDS.includes(field)) continue;
		const rule: ExtraRule = extras[field] ?? (optional.includes(field) ? 'accepted' : 422);
		if (rule === 422) throw extraInput(field);
		if (rule === 400) throw badRequest(`Unrecognized request argument supplied: ${field}`, field);
	}
}

function toStop(value: unknown): string[] {
	if (value === undefined) return [];
	const stop: unknown[] = Array.isArray(value) ? value : [value];
	if (!stop.every((item) => typeof item === 'string' && item !== '')) {
		throw badRequest('stop must be a non-empty string or an array of them', 'stop');
	}
	return stop as string[];
}

function toBoolean(value: unknown, field: string): boolean {
	if (value === undefined) return false;
	if (typeof value !== 'boolean') throw badRequest(`${field} must be a boolean`, field);
	return value;
}

function toIncludeUsage(options: unknown, stream: boolean): boolean {
	if (options === undefined) return false;
	if (!isObject(options)) throw badRequest('stream_options must be an object', 'stream_options');
	if (!stream) {
		throw badRequest('stream_options is only allowed with stream: true', 'stream_options');
	}
	const extra = unknownKey(options, ['include_usage']);
	if (extra !== undefined) throw extraInput('stream_options', extra);
	return toBoolean(options.include_usage, 'stream_options.include_usage');
}

const integer = Number.isInteger;
const within = (low: number, high: number) => (value: number) => low <= value && value <= high;

/** What only has to be in its range: the sandbox draws no tokens, so it has no use for these. */
function checkSampling(body: JsonObject): void {
	numberIn(body, 'temperature', 'a number from 0 to 2', within(0, 2));
	numberIn(body, 'top_p', 'a number above 0, up to 1', (value) => value > 0 && value <= 1);
	numberIn(body, 'frequency_penalty', 'a number from -2 to 2', within(-2, 2));
	numberIn(body, 'presence_penalty', 'a number from -2 to 2', within(-2, 2));
	numberIn(body, 'seed', 'an integer', integer);
	numberIn(body, 'top_k', 'an integer from 1 up', (value) => integer(value) && value >= 1);
}

/**
 * Checks every field but the messages.
 *
 * @throws Refusal 400 naming the field, 422 for a field that the schema does not know
 */
export function toChatFields(body: JsonObject, settings: SandboxSettings): ChatFields {
	if (typeof body.model !== 'string' || body.model === '') {
		throw badRequest('model is required and must be a string', 'model');
	}
	checkExtras(body, settings);
	checkSampling(body);
	const stream = toBoolean(body.stream, 'stream');
	const maxTokens = numberIn(
		body,
		'max_tokens',
		`an integer from 1 to ${MOST_TOKENS}`,
		(value) => integer(value) && within(1, MOST_TOKENS)(value),
	);
	const choices = numberIn(
		body,
		'n',
		`an integer from 1 to ${MOST_CHOICES}`,
		(value) => integer(value) && within(1, MOST_CHOICES)(value),
	);
	return {
		model: body.model,
		messages: body.messages,
		maxTokens: maxTokens ?? DEFAULT_TOKENS,
		stop: toStop(body.stop),
		stream,
		includeUsage: toIncludeUsage(body.stream_options, stream),
		choices: choices ?? 1,
		format: toFormat(body.response_format, body.guided_json),
	};
}
