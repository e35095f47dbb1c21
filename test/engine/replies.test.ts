import type { INodeParameters } from 'n8n-workflow';

import {
	analyze,
	byId,
	items,
	message,
	openGemma,
	type GemmaBench,
} from '../support/gemmaWorkflow';
import { delta, events, stop, wholeCompletion } from '../support/events';
import { solid } from '../support/pictures';
import { loadRecording, replay, type Recording, type ReplayOptions } from '../support/replay';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const CHAT = { path: '/v1/chat' };
const inTurn = (options: INodeParameters = {}) =>
	message('Hello', { options: { concurrency: 1, maxRetries: 0, ...options } });
const three = items({}, {}, {});
const answered = (body: string | object, times = 1) =>
	gemma.sandbox.fault({ match: CHAT, body, times });

describe('a server that refuses stream_options', () => {
	it.each([400, 422] as const)('with %s is asked again without, once a run', async (status) => {
		gemma.sandbox.settings.extras = { stream_options: status };
		const run = await gemma.run(inTurn(), { input: three });
		expect(run.status).toBe('success');
		expect(run.items).toHaveLength(3);
		expect(run.json[0]).not.toHaveProperty('usage');
		expect(gemma.chats().map((chat) => chat.status)).toEqual([status, 200, 200, 200]);
		const sent = gemma.bodies().map((body) => 'stream_options' in body);
		expect(sent).toEqual([true, false, false, false]);
		expect(gemma.bodies().every(({ stream }) => stream)).toBe(true);
	});

	it('is not asked again without those that the user wrote', async () => {
		gemma.sandbox.settings.extras = { stream_options: 422 };
		const additionalBody = '{"stream_options": {"include_usage": true}}';
		const { error } = await gemma.run(inTurn({ additionalBody }));
		expect(error?.message).toMatch(/stream_options[^]*\(HTTP 422\)/);
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('a reply', () => {
	it('may come as JSON although a stream was asked for', async () => {
		answered(wholeCompletion('Hello there'));
		const { json } = await gemma.run(message('Hi'));
		expect(json).toEqual([
			{
				text: 'Hello there',
				model: 'google/gemma-3-27b-it',
				finishReason: 'stop',
				usage: { promptTokens: 5, completionTokens: 3, totalTokens: 8 },
			},
		]);
	});

	it('may come as a stream although JSON was asked for', async () => {
		answered(
			events(delta({ role: 'assistant', content: 'Hello ' }), delta({ content: 'there' }), stop),
		);
		const { json } = await gemma.run(message('Hi', { options: { stream: false } }));
		expect(json[0]).toMatchObject({ text: 'Hello there', finishReason: 'stop' });
	});

	it.each([false, true])(
		'may be pending first, and lie on the storage host: %s',
		async (result302) => {
			gemma.sandbox.settings.pend = 1;
			gemma.sandbox.settings.result302 = result302;
			const { json } = await gemma.run(message('Hello'));
			expect(json[0].text).toContain('Last user text: "Hello"');
			const polls = gemma.sandbox.requests.filter(({ path }) => path.includes('/pexec/status/'));
			expect(polls.map(({ status }) => status)).toEqual([202, result302 ? 302 : 200]);
			expect(polls[0].headers.authorization).toBe(`Bearer ${gemma.sandbox.apiKey}`);
			expect(polls[1].at - polls[0].at).toBeGreaterThan(900);
			const stored = gemma.sandbox.requests.filter((request) => request.host === 'storage');
			expect(stored.map(({ headers }) => headers.authorization)).toEqual(
				result302 ? [undefined] : [],
			);
		},
	);

	it('that cannot be fetched is asked for anew, and the failure counts that alone', async () => {
		gemma.sandbox.settings.pend = 0;
		const headers = { 'retry-after': '0.1' };
		gemma.sandbox.fault({ match: { method: 'GET' }, status: 503, times: Infinity, headers });
		const { error } = await gemma.run(message('Hello', { options: { maxRetries: 1 } }));
		expect(error?.message).toMatch(/^[^(]*\(HTTP 503\) \(tried 2 times\)$/);
		expect(gemma.chats()).toHaveLength(2);
	});

	it('has its reasoning apart, from a think block or a field', async () => {
		answered(wholeCompletion('<think>2 + 2 is 4.</think>\n\nFour'));
		answered(
			events(
				delta({ reasoning_content: '2 + 2 ' }),
				delta({ reasoning_content: 'is 4.' }),
				delta({ content: 'Four' }),
				stop,
			),
		);
		const { json } = await gemma.run(inTurn(), { input: items({}, {}) });
		for (const reply of json)
			expect(reply).toMatchObject({ text: 'Four', reasoning: '2 + 2 is 4.' });
	});

	it('takes its model from the request where the server names none', async () => {
		answered(wholeCompletion('Hi', { model: undefined, usage: undefined }));
		const { json } = await gemma.run(message('Hi', byId('gemma3:27b')));
		expect(json).toEqual([{ text: 'Hi', model: 'gemma3:27b', finishReason: 'stop' }]);
	});
});

describe('a hint tells', () => {
	it('that the reply was cut off, and of which items', async () => {
		const options = { maxTokens: '={{ $json.most }}' };
		const input = items({ most: 5 }, { most: 500 }, { most: 5 });
		const { json, hints } = await gemma.run(message('Hello', { options }), { input });
		expect(json.map(({ finishReason }) => finishReason)).toEqual(['length', 'stop', 'length']);
		expect(hints).toHaveLength(1);
		expect(hints[0]).toMatch(/^Items 0, 2: The reply was cut off at 5 tokens.*Maximum Number/);
	});

	it('that the model called a tool instead of answering', async () => {
		const calls = [{ index: 0, id: 'c1', function: { name: 'get_weather', arguments: '{}' } }];
		answered(events(delta({ tool_calls: calls }), delta({}, 'tool_calls')));
		const run = await gemma.run(message('Hi'));
		expect(run.status).toBe('success');
		expect(run.json[0]).toMatchObject({ text: '', finishReason: 'tool_calls' });
		expect(run.hints).toEqual([expect.stringContaining('(get_weather)')]);
	});

	it('that the reply is empty', async () => {
		answered(wholeCompletion(null));
		const run = await gemma.run(message('Hi'));
		expect(run.json[0]).toMatchObject({ text: '', finishReason: 'stop' });
		expect(run.hints).toEqual([expect.stringMatching(/reply is empty.*stop/)]);
	});

	it('that the model did not see the picture, on servers that count tokens', async () => {
		answered(
			wholeCompletion('I see no picture', {
				usage: { prompt_tokens: 20, completion_tokens: 4, total_tokens: 24 },
			}),
		);
		const run = await gemma.run(analyze(), {
			input: [await gemma.item({ 'data.png': await solid('png', 8, 8, 'red') })],
			credential: { server: 'openAiCompatible', baseUrl: gemma.sandbox.baseUrl },
		});
		expect(run.json[0].text).toBe('I see no picture');
		expect(run.hints).toEqual([expect.stringMatching(/did not see the picture.*20 tokens/)]);
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('a real server’s recorded reply', () => {
	const receive = async (
		recording: Recording,
		parameters: INodeParameters,
		options: ReplayOptions = { cut: 'bytes' },
	) => {
		const server = await replay(recording, options);
		const run = await gemma.run(parameters, {
			input: [await gemma.item({ 'data.png': await solid('png', 64, 64, 'blue') })],
			credential: { server: 'openAiCompatible', apiKey: '', baseUrl: `${server.url}/v1` },
		});
		await server.close();
		return { run, requests: server.requests };
	};
	const bytesOf = ({ chunks }: Recording) => Buffer.concat(chunks.map(({ bytes }) => bytes));
	/** The contents of its deltas, or of its message, joined: no chunk of a recording cuts one. */
	const textOf = (recording: Recording) =>
		[
			...bytesOf(recording)
				.toString()
				.matchAll(/"content":("(?:[^"\\]|\\.)*")/g),
		]
			.map(([, json]) => JSON.parse(json) as string)
			.join('');

	it.each([
		'01-chat-nonstream',
		'02-chat-stream-nousage',
		'04-system',
		'05-history',
		'08-image-png-blue-stream',
		'12-stop-string',
		'12-stop-string-stream',
	])('%s gives its text exactly, one byte at a time', async (name) => {
		const recording = loadRecording(name);
		const { run, requests } = await receive(recording, inTurn());
		expect(run.error).toBeUndefined();
		expect(textOf(recording).length).toBeGreaterThan(4);
		expect(run.json[0].text).toBe(textOf(recording));
		expect(requests).toHaveLength(1);
	});

	it('says the same streamed and whole', async () => {
		const parts = ['01-chat-nonstream', '02-chat-stream-nousage'].map(loadRecording);
		expect(textOf(parts[0])).toBe(textOf(parts[1]));
		expect(textOf(parts[0])).toContain('😀');
	});

	it('of a long stream comes whole, however it is cut', async () => {
		const recording = loadRecording('18-queue-first');
		for (const seed of [1, 2]) {
			const { run } = await receive(recording, inTurn(), { cut: { seed } });
			expect(run.json[0].text).toBe(textOf(recording));
		}
	});

	it('that a client once broke off is a failure, not a short text', async () => {
		const { run } = await receive(loadRecording('15-abort-midstream'), inTurn());
		expect(run.error?.message).toMatch(/broke off after|the other side closed/);
		expect(run.error?.description).toContain('broke off');
	});

	it('with two choices keeps both', async () => {
		const { run } = await receive(loadRecording('13-n2'), message('Hi', { simplify: false }));
		expect(run.json[0].choices).toMatchObject([{ index: 0 }, { index: 1 }]);
	});

	it.each<[name: string, says: RegExp, advice: RegExp]>([
		['09-textonly-image', /^image input is not supported.* \(HTTP 500\)$/, /--mmproj/],
		['10-ctx-overflow', /^request \(3009 tokens\) exceeds .* \(HTTP 400\)$/, /shorten it/],
		['11-key-missing', /^Invalid API Key \(HTTP 401\)$/, /credential/],
		['11-key-wrong', /^Invalid API Key \(HTTP 401\)$/, /credential/],
		['14-404', /\(HTTP 404\)$/, /Base URL/],
	])('%s becomes an error that says what to do', async (name, says, advice) => {
		const { run } = await receive(loadRecording(name), analyze({ options: { maxRetries: 0 } }));
		expect(run.error?.message).toMatch(says);
		expect(run.error?.description).toMatch(advice);
	});
});
