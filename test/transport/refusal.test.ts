import type { RefusalCause } from '../../nodes/Gemma/failure';
import { refusal, refusalOf, retryAfterMs } from '../../nodes/Gemma/transport/refusal';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, replyOf, useTransport } from '../support/transport';

const { ask, keep } = useTransport();

/** What the user reads when a server refuses the chat request in this way. */
async function refused(status: number, body: unknown, headers: Record<string, string> = {}) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const server = await keep(
		openHttp((_, response) => response.writeHead(status, headers).end(text)),
	);
	return partsOf(await rejectionOf(ask(server.url)));
}

type Row = [number, unknown, RefusalCause, string];

/** The failures that are known of NVIDIA's API, in the order of its statuses. */
const rows: Row[] = [
	[400, { error: { message: 'Bad', type: 'x', param: null, code: 400 } }, 'request', 'Bad'],
	[400, { error: { message: 'Payload too large' } }, 'size', 'Payload too large'],
	[401, 'Header of type `authorization` was missing', 'key', 'Header of type `authorization`'],
	[401, { status: 401, title: 'Unauthorized', detail: 'No such key' }, 'key', 'No such key'],
	[402, { title: 'Payment Required', detail: 'Cloud credits expired' }, 'credits', 'Cloud credits'],
	[
		403,
		{ status: 403, title: 'Forbidden', detail: 'Authorization failed' },
		'key',
		'Authorization failed',
	],
	[404, '404 page not found', 'path', '404 page not found'],
	[
		404,
		{ status: 404, title: 'Not Found', detail: "Function 'f': Not found for account 'a'" },
		'model',
		"Function 'f': Not found for account 'a'",
	],
	[404, { error: { message: "The model 'x' does not exist" } }, 'model', "The model 'x'"],
	[
		404,
		{ title: 'Not Found', detail: "Asset 'x' does not exist for account 'y'" },
		'asset',
		"Asset 'x' does not exist",
	],
	[
		410,
		{ title: 'Gone', status: 410, detail: "The model 'X' has reached its end of life on Monday" },
		'model',
		'end of life',
	],
	[413, '', 'size', 'The server answered 413 Payload Too Large'],
	[
		422,
		'data:{"title":"Unprocessable Entity","status":422,"detail":"body -> frequency_penalty\\n  Extra inputs are not permitted"}',
		'field',
		'body -> frequency_penalty\nExtra inputs are not permitted',
	],
	[
		422,
		{ detail: [{ loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }] },
		'streamOptions',
		'body -> stream_options: Extra inputs',
	],
	[422, { detail: [{ loc: ['body', 'top_p'], msg: 'Too low' }] }, 'request', 'body -> top_p: Too'],
	[429, { status: 429, title: 'Too Many Requests' }, 'limit', 'Too Many Requests'],
	[500, { status: 500, title: 'Internal Server Error' }, 'busy', 'Internal Server Error'],
	[502, '<html><head><title>502 Bad Gateway</title></head></html>', 'busy', '502 Bad Gateway'],
	[503, 'Service Unavailable', 'busy', 'Service Unavailable'],
	[504, '', 'busy', 'The server answered 504 Gateway Timeout'],
	[529, '', 'busy', 'The server answered 529'],
];

const others: Row[] = [
	[400, { error: 'Unexpected endpoint or method' }, 'request', 'Unexpected endpoint'],
	[400, { object: 'error', message: 'maximum context length is 8', code: 400 }, 'context', 'maxi'],
	[400, { error: { message: 'System role not supported' } }, 'systemRole', 'System role'],
	[
		500,
		{ error: { message: 'Conversation roles must alternate user/assistant/user' } },
		'systemRole',
		'Conversation roles must alternate',
	],
	[500, { error: { message: 'image input is not supported - mmproj' } }, 'vision', 'image input'],
	[500, { error: { message: 'Failed to parse messages' } }, 'request', 'Failed to parse'],
	[
		400,
		{ error: { message: 'google/gemma-2-9b-it is not a multimodal model' } },
		'vision',
		'multimodal',
	],
	...[
		'Developer instruction is not enabled for models/gemma-3-1b-it',
		'This model does not support the system role',
		"The system prompt isn't allowed here",
		'System messages are unsupported',
		'unsupported role: "system"',
	].map((said): Row => [400, { error: { message: said } }, 'systemRole', said]),
	...[
		'The picture is larger than 20 MB',
		'image exceeds the limit',
		'Request body size limit reached: 4194304 bytes',
	].map((said): Row => [400, { error: { message: said } }, 'size', said]),
	...['n exceeds the limit of 4', 'temperature is larger than 2', 'stop is too long'].map(
		(said): Row => [400, { error: { message: said } }, 'request', said],
	),
	[408, '', 'busy', 'Request Timeout'],
	...[400, 500].map(
		(status): Row => [
			status,
			{ error: { message: 'JSON schema conversion failed: Unsupported schema type' } },
			'responseFormat',
			'JSON schema conversion failed',
		],
	),
	...[
		'failed to parse grammar',
		'response_format json_schema is not implemented',
		'Structured outputs are not supported by this model',
		'structured output is not supported',
		'guided decoding is not available',
		'guided_json is not available',
	].map((said): Row => [said.startsWith('response') ? 501 : 500, said, 'responseFormat', said]),
	[
		404,
		{ error: { message: 'No endpoints found that support image input', code: 404 } },
		'vision',
		'No endpoints found',
	],
	[404, { error: { message: 'llama-vision-model not supported' } }, 'model', 'llama-vision'],
	[
		500,
		{ error: 'model requires more system memory (5.6 GiB) than is available (4.1 GiB)' },
		'memory',
		'more system memory',
	],
	[500, { error: 'model requires more memory than is available' }, 'memory', 'more memory'],
	[
		502,
		{ error: { code: 502, message: 'Provider', metadata: { raw: 'Boom' } } },
		'busy',
		'Provider: Boom',
	],
];

describe.each([
	['NVIDIA', rows],
	['another server', others],
])('a refusal by %s', (_, all) => {
	it.each(all)('%d %j is of cause %s', async (status, body, cause, words) => {
		const { facts, message, transient } = await refused(status, body);
		expect(facts).toEqual({ kind: 'refused', cause, status });
		expect(message).toContain(words);
		expect(message).toMatch(new RegExp(` \\(HTTP ${status}\\)$`));
		expect(transient).toBe(cause === 'limit' || cause === 'busy');
	});
});

describe('a refusal', () => {
	it('names the request by header, else by the body', async () => {
		const body = { detail: 'x', requestId: 'inner' };
		const idOf = async (headers: Record<string, string>) =>
			(await refused(500, body, headers)).facts;
		expect(await idOf({})).toMatchObject({ requestId: 'inner' });
		expect(await idOf({ 'X-Request-Id': 'x' })).toMatchObject({ requestId: 'x' });
		expect(await idOf({ 'X-Request-Id': 'x', 'NVCF-REQID': 'n' })).toMatchObject({
			requestId: 'n',
		});
	});

	it('says when to come again', async () => {
		expect((await refused(503, '', { 'retry-after': '10800' })).facts).toMatchObject({
			retryAfterMs: 10_800_000,
		});
		for (const none of ['later', '0', '0.0', 'Wed, 21 Oct 2015 07:28:00 GMT', '-5']) {
			expect((await refused(429, '', { 'retry-after': none })).facts).not.toHaveProperty(
				'retryAfterMs',
			);
		}
	});

	it('by a redirect names the target’s host and nothing of its path', async () => {
		const location = 'https://elsewhere.example/v1?token=secret';
		const { facts, message, transient } = await refused(301, '', { location });
		expect(facts).toEqual({ kind: 'refused', cause: 'redirect', status: 301 });
		expect(message).toMatch(/\(redirect to https:\/\/elsewhere\.example\) \(HTTP 301\)$/);
		expect(message).not.toMatch(/secret|v1/);
		expect(transient).toBe(false);
	});

	it.each(['http://[', 'https://', '//', '', '/v1/'])(
		'by a redirect to %j says no more than that',
		async (location) => {
			const { facts, message } = await refused(308, '', { location });
			expect(facts).toMatchObject({ cause: 'redirect' });
			expect(message).toBe('The server answered 308 Permanent Redirect (HTTP 308)');
		},
	);

	it('of 10 MB is read only as far as its words go', async () => {
		const startedAt = performance.now();
		let taken = 0;
		const piece = Buffer.alloc(16 * 1024, 'w');
		const reply = {
			...replyOf([]),
			status: 500,
			async *chunks() {
				for (; taken < 10 * 1024 * 1024; taken += piece.length) yield piece;
			},
		};
		expect((await refusal(reply)).message).toMatch(/^w{499}… \(HTTP 500\)$/);
		expect(taken).toBeLessThan(128 * 1024);
		const { message } = await refused(500, 'w'.repeat(10 * 1024 * 1024));
		expect(message).toHaveLength(500 + ' (HTTP 500)'.length);
		expect(performance.now() - startedAt).toBeLessThan(5000);
	});

	it('whose body breaks off says what had come', async () => {
		const headers = { 'content-length': '100' };
		const server = await keep(
			openHttp((_, response) => {
				response.writeHead(500, headers).write('Out of');
				setTimeout(() => response.destroy(), 30);
			}),
		);
		const { facts, message } = partsOf(await rejectionOf(ask(server.url)));
		expect(facts).toMatchObject({ kind: 'refused', status: 500 });
		expect(message).toBe('Out of (HTTP 500)');
	});

	it.each([204, 205])('is not made of status %d, which is no completion', async (status) => {
		expect((await refused(status, '')).facts.kind).toBe('brokenReply');
	});
});

describe('a quota that is used up (429)', () => {
	const spent = 'You exceeded your current quota, please check your plan and billing details.';
	it.each([
		['in OpenAI’s words', { error: { message: spent, code: null } }],
		['by OpenAI’s code', { error: { message: 'No more', code: 'insufficient_quota' } }],
		['by OpenAI’s type', { error: { message: 'No more', type: 'insufficient_quota' } }],
		[
			'for the day, by OpenRouter',
			{ error: { message: 'Rate limit exceeded: free-models-per-day. Add credits', code: 429 } },
		],
	])('is not waited for: %s', async (_, body) => {
		expect(await refused(429, body)).toMatchObject({
			facts: { kind: 'refused', cause: 'credits', status: 429 },
			transient: false,
		});
	});

	it('for the day is not waited for, whatever Retry-After says', async () => {
		const words = 'Rate limit exceeded: free-models-per-day';
		expect((await refused(429, words, { 'retry-after': '5' })).facts).toMatchObject({
			cause: 'credits',
		});
	});

	it('is a rate limit where the server says when to come again, as Gemini does', async () => {
		const minute = `${spent}\n* Quota exceeded for metric: input_token_count, limit: 15000\nPlease retry in 23.4s.`;
		const limited = { facts: { cause: 'limit' }, transient: true };
		expect(await refused(429, { error: { message: minute } })).toMatchObject(limited);
		expect(await refused(429, spent, { 'retry-after': '5' })).toMatchObject(limited);
		expect(await refused(429, 'Rate limit exceeded: free-models-per-min')).toMatchObject(limited);
	});

	it('may come in the middle of a reply', async () => {
		const error = { message: 'No more', code: 'insufficient_quota', status: 429 };
		expect((await refused(200, { error })).facts).toMatchObject({ cause: 'credits', status: 429 });
	});
});

describe('a fault of the server’s own (500)', () => {
	it.each([
		'The worker ran out of memory: payload too large for the queue',
		'Could not load asset index',
		'unexpected keyword argument in worker',
		'Unrecognized state',
	])('may be tried again, whatever its words: %s', (words) => {
		expect(refusalOf(500, words)).toMatchObject({ transient: true, facts: { cause: 'busy' } });
	});

	it.each<[string, RefusalCause]>([
		['image input is not supported', 'vision'],
		['System role not supported', 'systemRole'],
		['the request exceeds the available context size', 'context'],
		['unknown field stream_options', 'streamOptions'],
		['failed to parse grammar', 'responseFormat'],
		['invalid type for messages', 'request'],
	])('may be the request’s in truth: %s', (words, cause) => {
		expect(refusalOf(500, words)).toMatchObject({ transient: false, facts: { cause } });
	});
});

describe('an error that came in the middle of a reply', () => {
	it('has the cause of its status, or of its words', () => {
		expect(refusalOf(429, 'Slow down').facts).toMatchObject({ cause: 'limit' });
		expect(refusalOf(500, 'context window').facts).toMatchObject({ cause: 'context' });
		expect(refusalOf(418, 'I am a teapot')).toMatchObject({
			facts: { kind: 'refused', cause: 'request', status: 418 },
			transient: false,
		});
	});
});

describe('Retry-After', () => {
	const now = Date.parse('2026-11-24T10:00:00Z');
	it.each<[string | undefined, number | undefined]>([
		['0', undefined],
		['0.1', 100],
		['1', 1000],
		['10800', 10_800_000],
		['Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
		['Tue, 24 Nov 2026 09:00:00 GMT', undefined],
		['Tue, 24 Nov 2026 10:00:00 GMT', undefined],
		[undefined, undefined],
		['', undefined],
		['soon', undefined],
		['1.5s', undefined],
		['1.5', 1500],
		['-1', undefined],
		['24', 24_000],
		['24 Nov', undefined],
	])('%j is %j milliseconds from now', (header, milliseconds) => {
		expect(retryAfterMs(header, now)).toBe(milliseconds);
	});
});
