import { content, events, stop, wholeCompletion } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';

const { ask, keep, limit } = useTransport();

const serve = async (body: string | Buffer, headers: Record<string, string> = {}) =>
	await keep(openHttp((_, response) => response.writeHead(200, headers).end(body)));

async function read(body: unknown, stream = false) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	return await ask((await serve(text)).url, limit(), stream);
}

const fail = async (body: unknown) => partsOf(await rejectionOf(read(body)));

describe('a reply that comes whole', () => {
	it('is given as the server sent it', async () => {
		const completion = wholeCompletion('Hello', { system_fingerprint: 'fp', service_tier: null });
		expect(await read(completion)).toEqual(completion);
	});

	it('is read although a stream was asked for, whatever its content type says', async () => {
		const text = JSON.stringify(wholeCompletion('Hello'));
		for (const type of ['application/json', 'text/event-stream', 'text/plain']) {
			const { url } = await serve(text, { 'content-type': type });
			expect((await ask(url)).choices[0].message.content).toBe('Hello');
		}
	});

	it('and a stream although none was asked for', async () => {
		const { choices } = await read(events(content('Hello'), stop, '[DONE]'));
		expect(choices[0].message.content).toBe('Hello');
	});

	it.each([
		['behind blank lines, as servers send to keep a connection alive', '\n \n', ''],
		['behind a byte order mark', '\uFEFF', ''],
		['before a line end', '', '\r\n'],
	])('is read %s', async (_, before, after) => {
		const text = `${before}${JSON.stringify(wholeCompletion('Hello'))}${after}`;
		expect((await read(text)).choices[0].message.content).toBe('Hello');
	});

	it('may be pretty-printed', async () => {
		const { choices } = await read(JSON.stringify(wholeCompletion('a\nb'), null, 2));
		expect(choices[0].message.content).toBe('a\nb');
	});

	it('keeps every choice, by the index it has or by its place', async () => {
		const message = { role: 'assistant', content: 'x' };
		const choices = [
			{ message, finish_reason: 'stop' },
			{ message, finish_reason: 'length' },
		];
		expect((await read(wholeCompletion('', { choices }))).choices).toEqual([
			{ index: 0, message, finish_reason: 'stop' },
			{ index: 1, message, finish_reason: 'length' },
		]);
	});

	it('gives its choices in the order of their indexes', async () => {
		const choices = [2, 0, 1].map((index) => ({ index, message: { content: `${index}` } }));
		const { choices: sorted } = await read(wholeCompletion('', { choices }));
		expect(sorted.map(({ message }) => message.content)).toEqual(['0', '1', '2']);
	});

	it.each(['', null, false, {}])('with the error %j beside it is no error', async (error) => {
		const { choices } = await read(wholeCompletion('Hello', { error }));
		expect(choices[0].message.content).toBe('Hello');
	});

	it('with an empty error in its choice is no error', async () => {
		const choice = { index: 0, message: { role: 'assistant', content: 'Hello' }, error: null };
		const { choices } = await read(wholeCompletion('', { choices: [choice] }));
		expect(choices[0].message.content).toBe('Hello');
	});

	it('without content is an empty reply', async () => {
		const { choices } = await read(wholeCompletion(null));
		expect(choices[0]).toEqual({
			index: 0,
			message: { role: 'assistant', content: null },
			finish_reason: 'stop',
		});
	});

	it('may lack all but a choice', async () => {
		expect(await read({ choices: [{}] })).toEqual({
			choices: [{ index: 0, message: { role: 'assistant', content: null }, finish_reason: null }],
		});
	});

	it('with content in text parts has them joined', async () => {
		const parts = [{ type: 'text', text: 'Hel' }, { type: 'text', text: 'lo' }, { type: 'other' }];
		const choices = [{ index: 0, message: { role: 'assistant', content: parts } }];
		expect((await read({ choices })).choices[0].message.content).toBe('Hello');
	});

	it.each<[string, unknown, string | null]>([
		['a number', 42, '42'],
		['a part that is not in a list', { type: 'text', text: 'Hello' }, 'Hello'],
		['texts in a list', ['Hel', 'lo'], 'Hello'],
		['an object without text', { type: 'other' }, null],
	])('with content that is %s has a text', async (_, given, text) => {
		const choices = [{ index: 0, message: { role: 'assistant', content: given } }];
		expect((await read({ choices })).choices[0].message.content).toBe(text);
	});

	it('of the older completions API has its text', async () => {
		const choices = [{ index: 0, text: 'Hello', finish_reason: 'stop' }];
		expect((await read({ choices })).choices[0].message.content).toBe('Hello');
	});

	it('keeps reasoning and tool calls', async () => {
		const message = {
			role: 'assistant',
			content: null,
			reasoning_content: 'Hm.',
			tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } }],
		};
		const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
		expect((await read(wholeCompletion('', { choices }))).choices[0].message).toEqual(message);
	});

	it('of more than a megabyte is read whole', async () => {
		const text = '日本語😀'.repeat(200_000);
		expect((await read(wholeCompletion(text))).choices[0].message.content).toBe(text);
	});
});

describe('a body under status 200 that is no completion', () => {
	it('shows what an HTML page says', async () => {
		const page =
			'<!DOCTYPE html><html><head><style>b { x }</style><title>Sign in</title></head><body>…';
		expect(await fail(page)).toEqual({
			facts: { kind: 'brokenReply' },
			message: 'The reply is not a completion: Sign in',
			transient: false,
		});
	});

	it('is worth another try where JSON breaks off', async () => {
		const body = ' {"id":"x","choices":[{"index":0,"mess';
		expect(await fail(body)).toEqual({
			facts: { kind: 'brokenReply' },
			message: `The reply broke off after ${body.length} characters, before the server said why it ended`,
			transient: true,
		});
	});

	it.each([
		['no choices', { id: 'x', object: 'chat.completion' }],
		['empty choices', { choices: [] }],
		['choices of another type', { choices: 'x' }],
		['an empty object', {}],
		['a list', []],
		['a choice that is null', { choices: [null] }],
		['a choice that is a text', { choices: ['Hello'] }],
		['a choice that is a list', { choices: [['Hello']] }],
	])('with %s is a broken reply', async (_, body) => {
		const { facts, message } = await fail(body);
		expect(facts).toEqual({ kind: 'brokenReply' });
		expect(message).toMatch(/^The reply holds no choices/);
	});

	it('is an error where it holds one', async () => {
		expect(await fail({ error: { message: 'Out of memory', code: 503 } })).toEqual({
			facts: { kind: 'refused', cause: 'busy', status: 503 },
			message: 'Out of memory (HTTP 503)',
			transient: true,
		});
		expect(await fail({ error: 'Model unloaded' })).toMatchObject({
			message: 'Model unloaded (HTTP 500)',
		});
		expect(await fail({ status: 401, title: 'Unauthorized', detail: 'Bad key' })).toMatchObject({
			facts: { cause: 'key', status: 401 },
			transient: false,
		});
		expect(await fail({ object: 'error', message: 'No', code: 400 })).toMatchObject({
			facts: { cause: 'request', status: 400 },
		});
	});

	it.each([
		['a number', 502, 'Upstream died', 'busy'],
		['no HTTP status', 'server_error', 'Upstream died', 'busy'],
		['a request at fault', 400, 'maximum context length is 512', 'context'],
	])('is an error where a choice holds one, its code %s', async (_, code, message, cause) => {
		const choice = { message: { content: 'Half of' }, finish_reason: 'error' };
		const failure = await fail({ choices: [{ ...choice, error: { code, message } }] });
		const status = typeof code === 'number' ? code : 500;
		expect(failure).toEqual({
			facts: { kind: 'refused', cause, status },
			message: `${message} (HTTP ${status})`,
			transient: cause === 'busy',
		});
	});

	it('is an error where a choice only says that it ended with one', async () => {
		const choices = [{ message: { content: 'Half of' }, finish_reason: 'error' }];
		expect(await fail({ choices })).toEqual({
			facts: { kind: 'refused', cause: 'busy', status: 500 },
			message: 'The server ended the reply with an error and did not say which (HTTP 500)',
			transient: true,
		});
	});

	it('is told by its status when it is empty', async () => {
		const server = await keep(openHttp((_, response) => response.writeHead(204).end()));
		const { message } = partsOf(await rejectionOf(ask(server.url)));
		expect(message).toBe('The reply is not a completion: The server answered 204 No Content');
	});

	it('is a failure when it is empty', async () => {
		expect((await fail('')).facts).toEqual({ kind: 'brokenReply' });
	});
});

describe('a whole reply in a compressed form nobody asked for', () => {
	it('is not asked for', async () => {
		let accepted: string | undefined;
		const server = await keep(
			openHttp((request, response) => {
				accepted = request.headers['accept-encoding'];
				response.end(JSON.stringify(wholeCompletion('Hi')));
			}),
		);
		await ask(server.url);
		expect(accepted).toBeUndefined();
	});
});
