import { readCompletion } from '../../nodes/Gemma/transport/completionReply';
import { content, delta, event, events, stop } from '../support/events';
import { openHttp } from '../support/servers';
import { replyOf, useTransport } from '../support/transport';

const { ask, keep, limit } = useTransport();

/** What comes of a stream with this body, served whole by a real server. */
async function read(body: string | Buffer, contentType = 'text/event-stream') {
	const server = await keep(
		openHttp((_, response) => response.setHeader('content-type', contentType).end(body)),
	);
	return await ask(server.url);
}

const textOf = async (body: string | Buffer) => (await read(body)).choices[0].message.content;

describe('a stream', () => {
	it('becomes the completion that one JSON reply would have been', async () => {
		const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
		const body = events(
			{ ...delta({ role: 'assistant', content: '' }), system_fingerprint: 'fp' },
			content('Hel'),
			content('lo'),
			{ ...stop, timings: { predicted_n: 2 } },
			{ ...stop, choices: [], usage },
			'[DONE]',
		);
		expect(await read(body)).toEqual({
			id: 'chatcmpl-1',
			object: 'chat.completion',
			created: 1700000000,
			model: 'google/gemma-3-27b-it',
			system_fingerprint: 'fp',
			timings: { predicted_n: 2 },
			choices: [
				{ index: 0, message: { role: 'assistant', content: 'Hello' }, finish_reason: 'stop' },
			],
			usage,
		});
	});

	it('without a usage chunk has no usage, with usage: null in every chunk neither', async () => {
		const body = events({ ...content('Hi'), usage: null }, { ...stop, usage: null }, '[DONE]');
		expect(await read(events(content('Hi'), stop, '[DONE]'))).not.toHaveProperty('usage');
		expect(await read(body)).not.toHaveProperty('usage');
	});

	it('keeps the last usage when every chunk carries a running one', async () => {
		const usage = (total_tokens: number) => ({ total_tokens });
		const body = events({ ...content('a'), usage: usage(1) }, { ...stop, usage: usage(2) });
		expect((await read(body)).usage).toEqual({ total_tokens: 2 });
	});

	it('keeps a usage that later chunks lack', async () => {
		const usage = { total_tokens: 2 };
		const body = events({ ...content('a'), usage }, { ...stop, usage: null }, stop);
		expect((await read(body)).usage).toEqual(usage);
	});

	const hello = [content('Hel'), content('lo'), stop, '[DONE]'];
	it.each<[string, string | Buffer]>([
		['whose first content is null', events(delta({ role: 'assistant', content: null }), ...hello)],
		['with comments between', `: keep-alive\n\n${hello.map(event).join(': ping\n\n:\n\n')}`],
		['with a comment inside an event', events(...hello).replace('data:', ': ping\ndata:')],
		['whose data: lacks the space', events(...hello).replaceAll('data: ', 'data:')],
		['with CRLF line ends', events(...hello).replaceAll('\n', '\r\n')],
		['with CR line ends', events(...hello).replaceAll('\n', '\r')],
		['behind a byte order mark', `\uFEFF${events(...hello)}`],
		['behind blank lines', `\n\n\r\n${events(...hello)}`],
		['with event, id and retry fields', `retry: 5\nid: 1\nevent: message\n${events(...hello)}`],
		['with empty data lines', `data:\n\n${events(...hello)}`],
		['whose last event lacks its blank line', events(content('Hello'), stop).trimEnd()],
		['without [DONE] after a finish reason', events(content('Hello'), stop)],
		['with [DONE] and no finish reason', events(content('Hello'), '[DONE]')],
		['without blank lines between events', events(...hello).replaceAll('\n\n', '\n')],
		['with [DONE] on the next line', events(content('Hello'), '[DONE]').replace('\n\n', '\n')],
		['with a chunk without choices in front', events({ id: 'x', choices: [] }, ...hello)],
		['with more after [DONE]', events(...hello, content(' and more'), 'rubbish')],
	])('%s is read', async (_, body) => {
		expect(await textOf(body)).toBe('Hello');
	});

	it('is a stream whatever its content type says', async () => {
		const body = events(content('Hello'), stop, '[DONE]');
		for (const type of ['application/json', 'text/html', 'text/plain']) {
			expect((await read(body, type)).choices[0].message.content).toBe('Hello');
		}
	});

	it('that says nothing but why it ended is an empty reply, not a failure', async () => {
		const { choices } = await read(events(delta({ role: 'assistant' }), stop, '[DONE]'));
		expect(choices).toEqual([
			{ index: 0, message: { role: 'assistant', content: null }, finish_reason: 'stop' },
		]);
	});

	it('keeps the finish reason as the server named it', async () => {
		const { choices } = await read(events(content('Once upon'), delta({}, 'length'), '[DONE]'));
		expect(choices[0].finish_reason).toBe('length');
	});

	it('of several choices is sorted by their index, however they interleave', async () => {
		const body = events(
			delta({ content: 'b1' }, null, 1),
			delta({ content: 'a1' }),
			delta({ content: 'b2' }, 'length', 1),
			delta({ content: 'a2' }, 'stop'),
		);
		expect((await read(body)).choices).toEqual([
			{ index: 0, message: { role: 'assistant', content: 'a1a2' }, finish_reason: 'stop' },
			{ index: 1, message: { role: 'assistant', content: 'b1b2' }, finish_reason: 'length' },
		]);
	});

	it('joins the pieces of reasoning beside the text', async () => {
		const body = events(
			delta({ reasoning_content: 'Let me ', content: null }),
			delta({ reasoning_content: 'think.' }),
			content('42'),
			stop,
		);
		const { message } = (await read(body)).choices[0];
		expect(message).toEqual({
			role: 'assistant',
			content: '42',
			reasoning_content: 'Let me think.',
		});
	});

	it('joins tool calls by their index', async () => {
		const call = (index: number, fields: object) => delta({ tool_calls: [{ index, ...fields }] });
		const start = (id: string, name: string) => ({
			id,
			type: 'function',
			function: { name, arguments: '' },
		});
		const body = events(
			call(0, start('a', 'weather')),
			call(0, { function: { arguments: '{"city":' } }),
			call(1, start('b', 'time')),
			call(0, { function: { arguments: '"Oslo"}' } }),
			call(1, { function: { arguments: '{}' } }),
			delta({}, 'tool_calls'),
		);
		expect((await read(body)).choices[0].message.tool_calls).toEqual([
			{ id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
			{ id: 'b', type: 'function', function: { name: 'time', arguments: '{}' } },
		]);
	});

	it('keeps its tool calls where a later chunk has an empty text for them', async () => {
		const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }];
		const first = delta({ tool_calls: calls });
		const body = events(first, delta({ tool_calls: '' }), stop);
		expect((await read(body)).choices[0].message.tool_calls).toEqual(calls);
	});

	it('joins the log probabilities of its tokens', async () => {
		const chunk = (token: string) => {
			const { choices, ...rest } = content(token);
			return { ...rest, choices: [{ ...choices[0], logprobs: { content: [{ token }] } }] };
		};
		const { choices } = await read(events(chunk('a'), chunk('b'), stop));
		expect(choices[0].logprobs).toEqual({ content: [{ token: 'a' }, { token: 'b' }] });
	});

	it('may close with the whole message in place of a last delta', async () => {
		const message = { role: 'assistant', content: 'Hello' };
		const last = { ...stop, choices: [{ index: 0, message, finish_reason: 'stop' }] };
		expect(await textOf(events(content('Hel'), last))).toBe('Hello');
	});

	const part = (text: string) => ({ type: 'text', text });
	const choiceOf = (fields: object) => ({ ...stop, choices: [{ index: 0, ...fields }] });
	it.each<[string, unknown[], string]>([
		['parts', [delta({ content: [part('Hel')] }), delta({ content: [part('lo')] })], 'Hello'],
		['parts and text', [delta({ content: [part('Hel')] }), content('lo')], 'Hello'],
		['texts in a list', [delta({ content: ['Hel', 'lo'] })], 'Hello'],
		['a part that is not in a list', [delta({ content: part('Hello') })], 'Hello'],
		['numbers', [delta({ content: 4 }), delta({ content: 2 })], '42'],
		['no part that is text', [delta({ content: [{ type: 'other' }, null] })], ''],
	])('whose content is %s has it joined to one text', async (_, chunks, text) => {
		expect(await textOf(events(...chunks, stop))).toBe(text);
	});

	it.each<[string, unknown, string]>([
		['in parts', [part('Hel'), part('lo')], 'Hello'],
		['as a number', 42, '42'],
		['as null, behind the deltas', null, 'Hel'],
		['as an empty text, behind the deltas', '', 'Hel'],
	])('may close with the whole message, its content %s', async (_, whole, text) => {
		const last = choiceOf({
			message: { role: 'assistant', content: whole },
			finish_reason: 'stop',
		});
		expect(await textOf(events(content('Hel'), last))).toBe(text);
	});

	it('of the older completions API has its text', async () => {
		const last = choiceOf({ text: 'lo', finish_reason: 'stop' });
		expect(await textOf(events(choiceOf({ text: 'Hel' }), last))).toBe('Hello');
	});

	it('passes on pieces of text only', async () => {
		const onText = jest.fn();
		const body = events(delta({ content: [part('4')] }), delta({ content: 2 }), stop);
		await readCompletion(replyOf([Buffer.from(body)]), limit(), onText);
		expect(onText.mock.calls).toEqual([['4'], ['2']]);
	});

	it('returns at [DONE] although the server keeps the connection open', async () => {
		const server = await keep(
			openHttp((_, response) => {
				response.write(events(content('Hello'), stop, '[DONE]'));
			}),
		);
		const startedAt = performance.now();
		const { choices } = await ask(server.url);
		expect(choices[0].message.content).toBe('Hello');
		expect(performance.now() - startedAt).toBeLessThan(2000);
	});

	it('may be cut inside any character', async () => {
		const text = 'naïve 😀 日本 é\u200d🏽 \u2028 \\ "quoted"\n';
		const body = Buffer.from(events(content(text), stop, '[DONE]'));
		for (let at = 0; at <= body.length; at++) {
			const reply = replyOf([body.subarray(0, at), body.subarray(at)]);
			const { choices } = await readCompletion(reply, limit());
			expect(choices[0].message.content).toBe(text);
		}
	});

	it('with CRLF line ends may be cut anywhere', async () => {
		const body = Buffer.from(events(content('Hello'), stop, '[DONE]').replaceAll('\n', '\r\n'));
		for (let at = 0; at <= body.length; at++) {
			const reply = replyOf([body.subarray(0, at), body.subarray(at)]);
			const { choices } = await readCompletion(reply, limit());
			expect(choices[0].message.content).toBe('Hello');
		}
	});

	it('may bring one character cut in two events by its escape', async () => {
		expect(await textOf(events(content('\ud83d'), content('\ude00'), stop))).toBe('😀');
	});

	it('tells how far it has come while it is read', async () => {
		const counting = limit();
		await readCompletion(replyOf([Buffer.from(events(content('12345'), stop))]), counting);
		expect(counting.progress).toBe('5 characters of the reply had come');
	});
});
