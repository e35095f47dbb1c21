import { Failure, type RefusalCause } from '../failure';
import { readText, type Reply } from './exchange';
import { ADVICE } from './refusalAdvice';
import { serverWords } from './serverWords';

/** Words by which servers say the same thing; the first that matches decides. */
const WORDS: Array<[RegExp, RefusalCause]> = [
	[/stream_options|include_usage/i, 'streamOptions'],
	[
		/response_?format|json[ _]?schema|grammar|structured[ _]outputs?|guided[ _](json|decoding)/i,
		'responseFormat',
	],
	[
		/(system|developer) (role|message|prompt|instruction)s?\b.*?(\bnot|n't|\bun)\s*(be )?(support|allow|accept|enabled)|(\bnot|n't) support[^.]{0,30}system (role|message|prompt|instruction)|unsupported role:? ?"?system|roles must alternate/i,
		'systemRole',
	],
	[
		/(image|vision|multi-?modal)[^.]{0,60}(\bnot|n't|\bun)\s*(be )?support|does not support (image|vision|multi)|mmproj|not a multi-?modal/i,
		'vision',
	],
	[
		/context (size|length|window)|maximum context|maximum model length|max_(model|seq)_len|too many tokens|exceed_context/i,
		'context',
	],
	[
		/too large|too big|payload|(base64|image|picture|request (body|size)|body size|bytes|mb\b)[^.]{0,60}(exceed|larger|longer|limit|too long)|180,?000/i,
		'size',
	],
	[/requires more [^.]*memory/i, 'memory'],
	// Behind `size`: what is too large inline is often told to come as an asset.
	[/asset/i, 'asset'],
	[
		/extra inputs|unknown (field|parameter)|unrecognized|extra_forbidden|unexpected (keyword|field)/i,
		'field',
	],
];

/** These decide, whatever the words: those of a gateway tell of its own limits, not of the request's. */
const STATUSES: Record<number, RefusalCause> = {
	401: 'key',
	402: 'credits',
	403: 'key',
	408: 'busy',
	409: 'busy',
	410: 'model',
	413: 'size',
	429: 'limit',
	502: 'busy',
	503: 'busy',
	504: 'busy',
	529: 'busy',
};

/** What a server may report as 500 although the request is at fault, as llama.cpp does. */
const REQUESTS_FAULTS = new Set<RefusalCause>([
	'vision',
	'systemRole',
	'context',
	'memory',
	'streamOptions',
	'responseFormat',
]);
const MALFORMED =
	/parse error|(failed to|cannot) parse (the )?(request|body|json|messages)|invalid (json|type)/i;

/** OpenRouter's words where it knows the model, and none of its providers takes pictures. */
const NO_VISION = /endpoints found that support image/i;

const SPENT_FOR_THE_DAY = /free-models-per-day/i;
const SPENT = /insufficient_quota|exceeded your current quota/i;
/** Gemini says that the quota is exceeded, as OpenAI does, where its limit for a minute is. */
const COMES_BACK = /retry (in|after) \d/i;

/** Reads the body of a reply that says no, and makes the Failure of it. */
export async function refusal(reply: Reply): Promise<Failure> {
	const { words, requestId, code } = serverWords(await readText(reply), reply.status);
	return refusalOf(reply.status, words, {
		requestId: reply.headers['nvcf-reqid'] ?? reply.headers['x-request-id'] ?? requestId,
		retryAfterMs: retryAfterMs(reply.headers['retry-after']),
		location: reply.headers.location,
		code,
	});
}

/** The Failure for a status and the server's words, from a reply's headers or its middle. */
export function refusalOf(
	status: number,
	words: string,
	more: { requestId?: string; retryAfterMs?: number; location?: string; code?: string } = {},
): Failure {
	const isSpent = status === 429 && isQuotaSpent(words, more);
	const cause = isSpent ? 'credits' : causeOf(status, words);
	const { advice, transient } = ADVICE[cause];
	const target = more.location && URL.canParse(more.location) && new URL(more.location).origin;
	const text = target ? `${words} (redirect to ${target})` : words;
	return new Failure(
		{
			kind: 'refused',
			cause,
			status,
			...(more.requestId && { requestId: more.requestId }),
			...(more.retryAfterMs !== undefined && { retryAfterMs: more.retryAfterMs }),
		},
		`${text} (HTTP ${status})`,
		advice,
		{ transient },
	);
}

/** Whether a 429 is no limit that a wait mends. */
function isQuotaSpent(words: string, more: { retryAfterMs?: number; code?: string }): boolean {
	if (SPENT_FOR_THE_DAY.test(words)) return true;
	if (more.retryAfterMs !== undefined || COMES_BACK.test(words)) return false;
	return SPENT.test(words) || SPENT.test(more.code ?? '');
}

function causeOf(status: number, words: string): RefusalCause {
	if (status >= 300 && status < 400) return 'redirect';
	if (STATUSES[status]) return STATUSES[status];
	if (status === 404 && NO_VISION.test(words)) return 'vision';
	if (status === 404 && !/asset/i.test(words))
		return /model|function/i.test(words) ? 'model' : 'path';
	const byWords = WORDS.find(([pattern]) => pattern.test(words))?.[1];
	if (status < 500) return byWords ?? 'request';
	// A fault of the server's own may speak of anything; what a retry mends comes first.
	if (byWords && REQUESTS_FAULTS.has(byWords)) return byWords;
	return MALFORMED.test(words) ? 'request' : 'busy';
}

/**
 * Retry-After in milliseconds: seconds or an HTTP date (RFC 9110, section 10.2.3). A wait that is
 * over already names no time: clocks differ, and gateways round down.
 */
export function retryAfterMs(header: string | undefined, now = Date.now()): number | undefined {
	if (!header) return undefined;
	// Some servers send fractions. Date.parse would take these, and much else, for a date.
	const milliseconds = /^\d+(\.\d+)?$/.test(header)
		? Number(header) * 1000
		: Date.parse(/ GMT$/.test(header) ? header : '') - now;
	return milliseconds > 0 ? milliseconds : undefined;
}
