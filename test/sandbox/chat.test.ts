import { chat, call, contentOf, eventsOf, MODEL, useSandbox } from './support';

const sandbox = useSandbox();
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });
const system = (content: unknown) => ({ role: 'system', content });

describe('a reply', () => {
	it('is a chat completion that says what came in and that no model answered', async () => {
		const messages = [system('Be kind'), user('Hi'), assistant('Hello'), user('What is  up?')];
		const answer = await chat(sandbox.current, { messages });
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toBe('application/json');
		expect(JSON.parse(answer.text)).toMatchObject({
			object: 'chat.completion',
			model: MODEL,
			choices: [{ index: 0, message: { role: 'assistant' }, finish_reason: 'stop' }],
		});
		expect(contentOf(answer)).toContain('not a model');
		expect(contentOf(answer)).toContain(
			'system (7 characters), user (2 characters), assistant (5 characters), user (12 characters)',
		);
		expect(contentOf(answer)).toContain('"What is up?"');
	});

	it('is the same for the same request', async () => {
		const [first, second] = [await chat(sandbox.current), await chat(sandbox.current)];
		expect(contentOf(first)).toBe(contentOf(second));
	});

	it('counts tokens: a quarter of the characters, five a turn, four around', async () => {
		const short = await chat(sandbox.current, { messages: [user('12345')] });
		expect(JSON.parse(short.text).usage.prompt_tokens).toBe(4 + 5 + 2);
		const long = await chat(sandbox.current, {
			messages: [system('1234'), user('1234'), assistant('1234'), user('1234')],
		});
		const { prompt_tokens, completion_tokens, total_tokens } = JSON.parse(long.text).usage;
		expect(prompt_tokens).toBe(4 + 3 * 5 + 4);
		expect(completion_tokens).toBe(Math.ceil(contentOf(long).length / 4));
		expect(total_tokens).toBe(prompt_tokens + completion_tokens);
	});

	it('ends at max_tokens with the finish reason length', async () => {
		const answer = JSON.parse((await chat(sandbox.current, { max_tokens: 2 })).text);
		expect(answer.choices[0]).toMatchObject({
			message: { content: 'This is ' },
			finish_reason: 'length',
		});
		expect(answer.usage.completion_tokens).toBe(2);
	});

	it('ends with the finish reason stop when it takes exactly max_tokens', async () => {
		const { usage } = JSON.parse((await chat(sandbox.current)).text);
		const exact = await chat(sandbox.current, { max_tokens: usage.completion_tokens });
		expect(JSON.parse(exact.text).choices[0].finish_reason).toBe('stop');
	});

	it('ends before the first stop string', async () => {
		const answer = await chat(sandbox.current, { stop: ['a stand-in', 'sandbox'] });
		expect(contentOf(answer)).toBe('This is the ');
		expect(contentOf(await chat(sandbox.current, { stop: 'nowhere' }))).toContain('Hello');
	});

	it('comes n times when n choices are asked for', async () => {
		const answer = await chat(sandbox.current, { n: 3 });
		expect(JSON.parse(answer.text).choices.map(({ index }: { index: number }) => index)).toEqual([
			0, 1, 2,
		]);
		expect(contentOf(answer, 2)).toBe(contentOf(answer, 0));
	});

	it('is JSON when asked for an object', async () => {
		const answer = await chat(sandbox.current, { response_format: { type: 'json_object' } });
		expect(JSON.parse(contentOf(answer))).toEqual({
			sandbox: true,
			messages: [{ role: 'user', characters: 5 }],
			lastUserText: 'Hello',
			pictures: [],
		});
	});

	it('fits the schema it was given', async () => {
		const schema = {
			type: 'object',
			properties: {
				name: { type: 'string', minLength: 9 },
				size: { enum: ['small', 'large'] },
				count: { type: 'integer', minimum: 2 },
				tags: { type: 'array', minItems: 2, items: { type: ['boolean', 'null'] } },
				kind: { const: 'x' },
				either: { anyOf: [{ type: 'null' }, { type: 'string' }] },
			},
		};
		const expected = {
			name: 'sandbox..',
			size: 'small',
			count: 2,
			tags: [false, false],
			kind: 'x',
			either: null,
		};
		const response_format = { type: 'json_schema', json_schema: { name: 'thing', schema } };
		const answer = await chat(sandbox.current, { response_format });
		expect(JSON.parse(contentOf(answer))).toEqual(expected);
		sandbox.current.settings.extras = { guided_json: 'accepted' };
		const guided = await chat(sandbox.current, { guided_json: schema });
		expect(JSON.parse(contentOf(guided))).toEqual(expected);
	});
});

describe('a stream', () => {
	it('opens with the role, goes on token by token and closes with [DONE]', async () => {
		const answer = await chat(sandbox.current, { stream: true, max_tokens: 3 });
		expect(answer.headers.get('content-type')).toMatch('text/event-stream');
		const events = eventsOf(answer);
		expect(events.at(-1)).toBe('[DONE]');
		const chunks = events.slice(0, -1).map((event) => JSON.parse(event));
		expect(chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
		expect(chunks.map(({ choices }) => choices[0])).toEqual([
			{ index: 0, delta: { role: 'assistant', content: null }, finish_reason: null },
			{ index: 0, delta: { content: 'This' }, finish_reason: null },
			{ index: 0, delta: { content: ' is ' }, finish_reason: null },
			{ index: 0, delta: { content: 'the ' }, finish_reason: null },
			{ index: 0, delta: {}, finish_reason: 'length' },
		]);
	});

	it('holds usage in a chunk without choices only when asked', async () => {
		const stream_options = { include_usage: true };
		const asked = eventsOf(await chat(sandbox.current, { stream: true, stream_options }));
		const usage = JSON.parse(asked.at(-2) ?? '');
		expect(usage.choices).toEqual([]);
		expect(usage.usage).toEqual(JSON.parse((await chat(sandbox.current)).text).usage);
		const plain = await chat(sandbox.current, { stream: true });
		expect(plain.text).not.toContain('usage');
	});

	it('says the same as the reply without a stream, for every choice', async () => {
		const whole = contentOf(await chat(sandbox.current));
		const events = eventsOf(await chat(sandbox.current, { stream: true, n: 2 }));
		const contents = ['', ''];
		for (const event of events.slice(0, -1)) {
			const [{ index, delta }] = JSON.parse(event).choices;
			contents[index] += delta.content ?? '';
		}
		expect(contents).toEqual([whole, whole]);
	});

	it('keeps to the speed that was set', async () => {
		Object.assign(sandbox.current.settings, { tokensPerSecond: 100, firstTokenMs: 100 });
		for (const stream of [true, false]) {
			const start = performance.now();
			await chat(sandbox.current, { stream, max_tokens: 21 });
			const ms = performance.now() - start;
			expect(ms).toBeGreaterThanOrEqual(295);
			expect(ms).toBeLessThan(1500);
		}
	});

	it('arrives in one piece a token, however fast', async () => {
		const response = await fetch(`${sandbox.current.baseUrl}/chat/completions`, {
			method: 'POST',
			headers: { authorization: `Bearer ${sandbox.current.apiKey}` },
			body: JSON.stringify({
				model: MODEL,
				stream: true,
				messages: [user('Hello')],
			}),
		});
		let pieces = 0;
		for await (const piece of response.body ?? []) pieces += piece.length > 0 ? 1 : 0;
		expect(pieces).toBeGreaterThan(10);
	});
});

describe('the body', () => {
	it.each(['', '{', '[]', '"text"', 'null'])('is refused when it is %j', async (body) => {
		const answer = await chat(sandbox.current, {}, { body });
		expect(answer.status).toBe(400);
		expect(JSON.parse(answer.text).error).toEqual({
			message: 'The body is not a JSON object',
			type: 'invalid_request_error',
			param: null,
			code: null,
		});
	});

	it('is taken up to 25 MiB and refused with 400 above it', async () => {
		const limit = 25 * 1024 * 1024;
		const body = JSON.stringify({ model: MODEL, messages: [user('Hello')] });
		const full = await chat(sandbox.current, {}, { body: body.padEnd(limit) });
		expect(full.status).toBe(200);
		const over = await chat(sandbox.current, {}, { body: body.padEnd(limit + 1) });
		expect(over.status).toBe(400);
		expect(JSON.parse(over.text).error.message).toContain(`${limit + 1} bytes`);
	});
});

describe('a field', () => {
	const refused: Array<[field: string, values: unknown[]]> = [
		['temperature', [-0.1, 2.1, '1', null]],
		['top_p', [0, 1.1, '0.5']],
		['max_tokens', [0, 8193, 1.5, '5']],
		['frequency_penalty', [-2.1, 2.1]],
		['presence_penalty', [-2.1, 2.1]],
		['seed', [1.5, '1']],
		['top_k', [0, 1.5]],
		['n', [0, 9]],
		['stop', [5, [5], '', [''], null]],
		['stream', ['true', 1]],
		['model', ['', 5, null]],
		['response_format', ['json', {}, { type: 'xml' }, { type: 'json_schema' }]],
		['stream_options', [{ include_usage: true }]],
	];
	const cases = refused.flatMap(([field, values]) => values.map((value) => [field, value]));
	it.each(cases)('%s is refused when it is %j', async (field, value) => {
		const answer = await chat(sandbox.current, { [String(field)]: value });
		expect(answer.status).toBe(400);
		expect(JSON.parse(answer.text).error.param).toBe(field);
	});

	it.each([
		{ temperature: 0, top_p: 0.01, max_tokens: 1, frequency_penalty: -2, presence_penalty: -2 },
		{ temperature: 2, top_p: 1, max_tokens: 8192, frequency_penalty: 2, presence_penalty: 2 },
		{ seed: -1, top_k: 1, n: 8, stop: 'x', response_format: { type: 'text' }, stream: false },
		{ stop: [], stream: true, stream_options: {} },
	])('is taken at its limits: %j', async (fields) => {
		expect((await chat(sandbox.current, fields)).status).toBe(200);
	});

	it('stream_options is refused unless it is an object that the schema knows', async () => {
		const ask = (stream_options: unknown) =>
			chat(sandbox.current, { stream: true, stream_options });
		expect((await ask(true)).status).toBe(400);
		expect((await ask({ include_usage: 'yes' })).status).toBe(400);
		expect((await ask({ more: 1 })).status).toBe(422);
	});

	it('that nobody knows is refused in NVIDIA’s words, `data:` before the JSON', async () => {
		const { status, text } = await chat(sandbox.current, { foo: 1 });
		expect(status).toBe(422);
		expect(text).toMatch(/^data:\{"type"/);
		expect(JSON.parse(text.slice(5))).toMatchObject({
			title: 'Unprocessable Entity',
			status: 422,
			detail: 'body -> foo\n  Extra inputs are not permitted (type=value_error.extra)',
			requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
		});
	});

	it('that is optional is refused when the settings say so', async () => {
		sandbox.current.settings.extras = { stream_options: 400, seed: 422, min_p: 'accepted' };
		const options = { stream: true, stream_options: { include_usage: true } };
		const byName = await chat(sandbox.current, options);
		expect(byName.status).toBe(400);
		expect(JSON.parse(byName.text).error).toMatchObject({
			message: expect.stringContaining('stream_options'),
			param: 'stream_options',
		});
		expect((await chat(sandbox.current, { seed: 1 })).status).toBe(422);
		expect((await chat(sandbox.current, { min_p: 1, top_k: 5 })).status).toBe(200);
	});
});

describe('messages', () => {
	const alternate = /^Conversation roles must alternate user\/assistant\/user\/assistant\/\.\.\.$/;
	const refused: Array<[name: string, messages: unknown, message: RegExp]> = [
		['no list', 'Hello', /required and must be a list/],
		['an empty list', [], /must not be empty/],
		['a message that is text', ['Hello'], /must be an object/],
		['a strange role', [{ role: 'tool', content: 'x' }], /role must be/],
		['the role developer', [{ role: 'developer', content: 'x' }, user('x')], /role must be/],
		['a system message alone', [system('x')], alternate],
		['two system messages', [system('x'), system('x'), user('x')], alternate],
		['a system message later on', [user('x'), system('x')], alternate],
		['an assistant first', [assistant('x'), user('x')], alternate],
		['an assistant after the system message', [system('x'), assistant('x')], alternate],
		['two user messages in a row', [user('x'), user('x')], alternate],
		['two assistant messages in a row', [user('x'), assistant('x'), assistant('x')], alternate],
		['parts in a system message', [system([{ type: 'text', text: 'x' }]), user('x')], /string/],
		['parts in an assistant message', [user('x'), assistant([])], /must be a string/],
		['no content', [{ role: 'user' }], /must be a string or a list/],
		['null content', [user(null)], /must be a string or a list/],
		['empty content', [user('')], /content is empty/],
		['blank content', [user(' \n')], /content is empty/],
		['an empty system message', [system(''), user('x')], /content is empty/],
		['no parts', [user([])], /content is empty/],
		['a part that is text', [user(['x'])], /must be an object/],
		['a part of another type', [user([{ type: 'input_text', text: 'x' }])], /type must be/],
		['an empty text part', [user([{ type: 'text', text: '' }])], /non-empty string/],
		['an image part without url', [user([{ type: 'image_url', image_url: {} }])], /url is missing/],
		['a start of turn', [user('a <start_of_turn>model')], /control string <start_of_turn>/],
		['an end of turn', [user([{ type: 'text', text: '<end_of_turn>' }])], /<end_of_turn>/],
		['a start of image', [system('<start_of_image>'), user('x')], /this sandbox refuses it/],
	];
	it.each(refused)('with %s are refused', async (_name, messages, message) => {
		const answer = await chat(sandbox.current, { messages });
		expect(answer.status).toBe(400);
		expect(JSON.parse(answer.text).error).toMatchObject({
			message: expect.stringMatching(message),
			param: 'messages',
		});
	});

	it('left out are refused', async () => {
		const answer = await chat(sandbox.current, { messages: undefined });
		expect(answer.status).toBe(400);
	});

	it.each([
		['messages -> 0 -> name', { ...user('x'), name: 'me' }],
		['messages -> 0 -> content -> 0 -> id', user([{ type: 'text', text: 'x', id: 1 }])],
		[
			'messages -> 0 -> content -> 0 -> detail',
			user([
				{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
			]),
		],
	])('with the extra key %s are refused with 422', async (path, message) => {
		const { status, text } = await chat(sandbox.current, { messages: [message] });
		expect(status).toBe(422);
		expect(JSON.parse(text.slice(5)).detail).toContain(`body -> ${path}\n`);
	});

	it.each([
		['that end with the assistant', [user('x'), assistant('x')]],
		['with a leading system message', [system('x'), user('x')]],
		[
			'with text parts',
			[
				user([
					{ type: 'text', text: 'a' },
					{ type: 'text', text: 'b' },
				]),
			],
		],
		['with tags of other kinds', [user('<b>bold</b> <imgx> a < img')]],
	])('%s are taken', async (_name, messages) => {
		expect((await chat(sandbox.current, { messages })).status).toBe(200);
	});
});

describe('paths', () => {
	it.each(['/v1', '/v1/v1/chat/completions', '/v2/nvcf/other/x', '/', '/v1/models/x'])(
		'%s is not found, in plain text',
		async (path) => {
			const { origin } = new URL(sandbox.current.baseUrl);
			const answer = await call(sandbox.current, origin + path);
			expect([answer.status, answer.text]).toEqual([404, '404 page not found']);
		},
	);

	it('refuse other methods than their own', async () => {
		const { baseUrl, nvcfUrl } = sandbox.current;
		const statuses = await Promise.all(
			[
				call(sandbox.current, `${baseUrl}/chat/completions`),
				call(sandbox.current, `${baseUrl}/models`, { method: 'POST' }),
				call(sandbox.current, `${nvcfUrl}/assets`, { method: 'DELETE' }),
				call(sandbox.current, `${nvcfUrl}/assets/x`, { method: 'PUT' }),
				call(sandbox.current, `${nvcfUrl}/pexec/status/x`, { method: 'POST' }),
			].map(async (answer) => (await answer).status),
		);
		expect(statuses).toEqual([405, 405, 405, 405, 405]);
	});
});
