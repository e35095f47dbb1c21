import { isErrorObject, serverWords, statusOf } from '../../nodes/Gemma/transport/serverWords';

const wordsOf = (body: unknown, status = 400) =>
	serverWords(typeof body === 'string' ? body : JSON.stringify(body), status).words;

describe('the words of an error body', () => {
	it.each<[string, unknown, string]>([
		['OpenAI’s and vLLM’s error object', { error: { message: 'No', type: 't', code: 400 } }, 'No'],
		['LM Studio’s error string', { error: 'No model loaded' }, 'No model loaded'],
		['vLLM’s older object', { object: 'error', message: 'Too long', code: 400 }, 'Too long'],
		['problem JSON', { type: 'u', title: 'Forbidden', status: 403, detail: 'Why' }, 'Why'],
		['problem JSON with a title only', { title: 'Too Many', status: 429 }, 'Too Many'],
		['a list of errors', { errors: [{ message: 'one' }, { message: 'two' }] }, 'one; two'],
		['a list', [{ error: { message: 'one' } }, { error: 'two' }], 'one; two'],
		['a JSON string', '"Just words"', 'Just words'],
		['an error object in words only', { error: { detail: 'Inner' } }, 'Inner'],
		['plain text', '404 page not found\n', '404 page not found'],
		['text with backticks', 'Header of type `a` was missing', 'Header of type `a` was missing'],
		['JSON that breaks off', '{"error":{"message":"Very lo', '{"error":{"message":"Very lo'],
		[
			'Fastify’s and Spring’s object, whose error is the status in words',
			{ statusCode: 400, error: 'Bad Request', message: 'body/max_tokens must be <= 4096' },
			'body/max_tokens must be <= 4096',
		],
		[
			'an error without a message',
			{ statusCode: 400, error: 'Bad Request', message: '' },
			'Bad Request',
		],
		[
			'an error and its message',
			{ error: 'too_long', message: 'Shorten it' },
			'too_long: Shorten it',
		],
		['an error and its message, both the same', { error: 'No', message: 'No' }, 'No'],
		[
			'ASP.NET’s problem with the errors of each field',
			{ title: 'Validation failed.', errors: { max_tokens: ['Too high.', 'Odd.'], n: 'No.' } },
			'Validation failed. max_tokens: Too high.; Odd.; n: No.',
		],
		[
			'Laravel’s message with the errors of each field',
			{ message: 'Invalid.', errors: { top_p: ['Too low.'] } },
			'Invalid. top_p: Too low.',
		],
		['errors of each field alone', { errors: { top_p: ['Too low.'] } }, 'top_p: Too low.'],
		['errors that say nothing', { title: 'Invalid', errors: { top_p: [] } }, 'Invalid'],
	])('in %s', (_, body, words) => {
		expect(wordsOf(body)).toBe(words);
	});

	it('in FastAPI’s list of details name each field', () => {
		const detail = [
			{ type: 'extra_forbidden', loc: ['body', 'top_k'], msg: 'Extra inputs are not permitted' },
			{ loc: ['body', 'messages', 0, 'content'], msg: 'Field required' },
			{ msg: 'And more' },
		];
		expect(wordsOf({ detail }, 422)).toBe(
			'body -> top_k: Extra inputs are not permitted; body -> messages -> 0 -> content: Field required; And more',
		);
	});

	it('in NVIDIA’s 422, an event in place of a body, keep their lines', () => {
		const detail = 'body -> frequency_penalty\n  Extra inputs are not permitted (type=extra)';
		const body = `data:${JSON.stringify({ title: 'Unprocessable', status: 422, detail, requestId: 'r-1' })}\n\n`;
		expect(serverWords(body, 422)).toEqual({
			words: 'body -> frequency_penalty\nExtra inputs are not permitted (type=extra)',
			requestId: 'r-1',
		});
		expect(wordsOf(`data: ${JSON.stringify({ detail })}`)).toMatch(/^body -> frequency_penalty/);
	});

	it('in OpenRouter’s object hold those of the server behind it', () => {
		const raw = 'upstream: out of memory';
		const error = { code: 502, message: 'Provider returned error', metadata: { raw } };
		expect(wordsOf({ error })).toBe('Provider returned error: upstream: out of memory');
		expect(wordsOf({ error: { ...error, metadata: {} } })).toBe('Provider returned error');
	});

	it('in S3’s XML are its code and message', () => {
		const xml =
			'<?xml version="1.0"?><Error><Code>SignatureDoesNotMatch</Code><Message>Not the same</Message><RequestId>R</RequestId></Error>';
		expect(wordsOf(xml, 403)).toBe('SignatureDoesNotMatch: Not the same');
	});

	it('in an HTML page are its first visible line', () => {
		const page =
			'<!DOCTYPE html>\n<html><head><script>let a = "<b>";</script><STYLE>b{}</STYLE>\n<title>502 Bad Gateway</title></head><body>nginx</body></html>';
		expect(wordsOf(page, 502)).toBe('502 Bad Gateway');
		expect(wordsOf('<html><body>  <h1>  Sorry  </h1></body>', 503)).toBe('Sorry');
	});

	it.each([
		['nothing', ''],
		['blanks', ' \r\n\t '],
		['an empty object', '{}'],
		['null', 'null'],
		['an empty list', '[]'],
		['empty fields', '{"error":{"message":""},"detail":null}'],
		['a page without text', '<html><body><img src="x"></body></html>'],
	])('that hold %s are the status in words', (_, body) => {
		expect(wordsOf(body, 504)).toBe('The server answered 504 Gateway Timeout');
	});

	it('are there for a status that has no name either', () => {
		expect(wordsOf('', 529)).toBe('The server answered 529');
	});

	it('are left alone up to 500 characters and cut there', () => {
		const text = (length: number) => 'w'.repeat(length);
		expect(wordsOf(text(500))).toBe(text(500));
		expect(wordsOf(text(501))).toBe(`${text(499)}…`);
		expect(wordsOf({ error: { message: text(100_000) } })).toHaveLength(500);
		expect(wordsOf(`<html><body>${text(100_000)}`)).toHaveLength(500);
	});

	it('are not cut within a character', () => {
		expect(wordsOf('😀'.repeat(400))).toBe(`${'😀'.repeat(249)}…`);
	});

	it('lose their blanks around, and runs of blanks within', () => {
		expect(wordsOf({ error: '  a \t  b  \n\n   c  ' })).toBe('a b\nc');
	});

	it.each(['<', '<script>', '<a', '<Message>', '<Code>', '<x><', ' \n', '\t\t\t ', '\r', '\f'])(
		'are found in a moment in 64 KB of %j',
		(unit) => {
			const startedAt = performance.now();
			for (const around of ['', '<x>', 'x']) {
				wordsOf(`${around}${unit.repeat(65536 / unit.length)}${around}`, 500);
			}
			expect(performance.now() - startedAt).toBeLessThan(500);
		},
	);

	it('in a page that breaks off inside a tag or a script are those before it', () => {
		expect(wordsOf('<html><h1>Sorry</h1><a href="')).toBe('Sorry');
		expect(wordsOf('<html><script>let a = 1 < 2; b')).toBe('The server answered 400 Bad Request');
	});
});

describe('the id of the request', () => {
	it('is taken from the body under either of its names', () => {
		expect(serverWords('{"detail":"x","requestId":"a"}', 500).requestId).toBe('a');
		expect(serverWords('{"detail":"x","request_id":"b"}', 500).requestId).toBe('b');
	});

	it('is missing where there is none, or none in words', () => {
		for (const body of ['{"requestId":5}', '{}', 'text', 'null', '[]', '']) {
			expect(serverWords(body, 500)).not.toHaveProperty('requestId');
		}
	});
});

describe('an object under status 200', () => {
	it.each([
		{ error: 'x' },
		{ error: {} },
		{ object: 'error', message: 'x' },
		{ status: 500, title: 'x' },
		{ status: 'error', detail: 'x' },
		{ error: { message: 'x' }, choices: [] },
	])('is an error: %j', (value) => {
		expect(isErrorObject(value)).toBe(true);
	});

	it.each([
		{ choices: [], error: null },
		{ choices: [], error: '' },
		{ choices: [], error: false },
		{ choices: [], error: {} },
		{ choices: [], error: { message: '', code: null } },
		{ error: '' },
		{ choices: [] },
		{ choices: [], status: 200, title: 'x', detail: 'y' },
		{ object: 'chat.completion.chunk' },
		{ status: 'in-progress' },
		{ detail: 'x' },
		{},
		null,
		'error',
		5,
	])('is none: %j', (value) => {
		expect(isErrorObject(value)).toBe(false);
	});

	it.each<[unknown, number | undefined]>([
		[{ status: 503 }, 503],
		[{ status: '503' }, 503],
		[{ code: 400 }, 400],
		[{ error: { code: 429 } }, 429],
		[{ error: { status: 502 } }, 502],
		[{ error: { code: 'server_error', status: 599 } }, 599],
		[{ code: 400, error: { code: 500 } }, 400],
		[{ status: 200 }, undefined],
		[{ status: 399 }, undefined],
		[{ status: 600 }, undefined],
		[{ code: 400.5 }, undefined],
		[{ error: 'text' }, undefined],
		[{ error: null }, undefined],
		['text', undefined],
		[null, undefined],
		[undefined, undefined],
	])('names its status: %j', (value, status) => {
		expect(statusOf(value)).toBe(status);
	});
});
