import { complete } from '../../nodes/Gemma/transport/chat';
import { readCompletion } from '../../nodes/Gemma/transport/completionReply';
import { content, delta, event, events, stop, wholeCompletion } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { openServer, partsOf, question, replyOf, useTransport } from '../support/transport';

const tools = useTransport();
const { ask, keep, limit } = tools;

/** The parts of the failure that a stream under status 200 ends in. */
async function fail(body: string, headers: Record<string, string> = {}) {
	const server = await keep(openHttp((_, response) => response.writeHead(200, headers).end(body)));
	return partsOf(await rejectionOf(ask(server.url)));
}

describe('a stream that breaks off', () => {
	it('before any finish reason and [DONE] is a failure that says how far it came', async () => {
		expect(await fail(events(content('Hello'), content(' wor')))).toEqual({
			facts: { kind: 'brokenReply' },
			message: 'The reply broke off after 9 characters, before the server said why it ended',
			transient: true,
		});
	});

	it('in the middle of an event is a failure', async () => {
		const body = events(content('Hello'), content(' world'), stop);
		expect((await fail(body.slice(0, body.indexOf('world')))).facts.kind).toBe('brokenReply');
	});

	it('while one of two choices is still open is a failure', async () => {
		const body = events(delta({ content: 'a' }, 'stop'), delta({ content: 'b' }, null, 1));
		expect((await fail(body)).message).toMatch(/broke off after 2 characters/);
	});

	it('while the request still waited for its turn is a failure worth another try', async () => {
		const { facts, message, transient } = await fail(': keep-alive\n\n: keep-alive\n\n');
		expect(facts).toEqual({ kind: 'brokenReply' });
		expect(message).toMatch(/broke off after 0 characters/);
		expect(transient).toBe(true);
	});

	it('after its role is a failure worth another try', async () => {
		expect((await fail(events(delta({ role: 'assistant', content: '' })))).transient).toBe(true);
	});

	it('carries the id by which the server knows the request', async () => {
		const body = events(content('Hi'));
		expect((await fail(body, { 'nvcf-reqid': 'req-1' })).facts).toEqual({
			kind: 'brokenReply',
			requestId: 'req-1',
		});
		expect((await fail(body, { 'x-request-id': 'req-2' })).facts).toEqual({
			kind: 'brokenReply',
			requestId: 'req-2',
		});
	});
});

describe('a connection that breaks', () => {
	/** A stream that is reset behind this body. */
	const reset = async (body: string) => {
		const server = await keep(
			openHttp((_, response) => {
				response.writeHead(200).write(body);
				setTimeout(() => response.socket?.resetAndDestroy(), 50);
			}),
		);
		return await ask(server.url);
	};

	it('behind the finish reason of every choice has lost nothing', async () => {
		const body = events(
			content('a'),
			delta({ content: 'b' }, null, 1),
			stop,
			delta({}, 'length', 1),
		);
		const { choices } = await reset(body);
		expect(choices.map(({ message, finish_reason }) => [message.content, finish_reason])).toEqual([
			['a', 'stop'],
			['b', 'length'],
		]);
	});

	it('while a choice is still open is a failure of the network', async () => {
		const second = delta({ content: 'b' }, null, 1);
		for (const body of [events(content('a')), events(content('a'), second, stop)]) {
			expect(partsOf(await rejectionOf(reset(body)))).toMatchObject({
				facts: { kind: 'network' },
				transient: true,
			});
		}
	});
});

describe('a connection that stays open behind the last word', () => {
	const whole = JSON.stringify(wholeCompletion('Hello'));
	const finished = events(content('Hello'), stop);

	/** A reply that begins with this body and then goes on with the rest, piece by piece. */
	const stalling = async (body: string, rest: string[] = [], everyMs = 100) =>
		await keep(
			openHttp((_, response) => {
				response.writeHead(200).write(body);
				const timer = setInterval(() => {
					const piece = rest.shift();
					if (piece) response.write(piece);
				}, everyMs);
				response.on('close', () => clearInterval(timer));
			}),
		);

	it('is waited for a short while, in a stream and in one JSON reply', async () => {
		const rows: Array<[string, string[]]> = [
			[finished, []],
			[finished, Array<string>(100).fill(': ping\n\n')],
			[`${finished}data: {"id":"chatc`, []],
			[whole, []],
			[whole, Array<string>(100).fill('\n')],
		];
		const read = async ([body, rest]: [string, string[]]) => {
			const startedAt = performance.now();
			const { choices } = await ask((await stalling(body, rest)).url);
			return [choices[0].message.content, Math.round((performance.now() - startedAt) / 1000)];
		};
		expect(await Promise.all(rows.map(read))).toEqual(rows.map(() => ['Hello', 2]));
	});

	it.each([
		['timeout', { timeout: 0.5 }],
		['idle limit', { idle: 0.5 }],
	])('costs nothing when the %s comes first', async (_, seconds) => {
		for (const body of [finished, whole]) {
			const { choices } = await ask((await stalling(body)).url, limit(seconds));
			expect(choices[0].message.content).toBe('Hello');
		}
	});

	it('still brings the usage', async () => {
		const usage = { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 };
		const server = await stalling(finished, [': ping\n\n', event({ choices: [], usage })], 300);
		expect((await ask(server.url)).usage).toEqual(usage);
	});

	it('is no end while text goes on behind a finish reason', async () => {
		const early = Array.from({ length: 5 }, (_, at) => event(delta({ content: `${at}` }, 'stop')));
		const server = await stalling(finished, [...early, event('[DONE]')], 600);
		expect((await ask(server.url)).choices[0].message.content).toBe('Hello01234');
	});

	it('is no end where more choices were asked for', async () => {
		const server = await stalling(finished, [
			...Array<string>(25).fill(': ping\n\n'),
			event(delta({ content: 'Second' }, 'stop', 1)),
			event('[DONE]'),
		]);
		const network = await tools.network();
		const request = { ...question, n: 2 };
		const options = { assetIds: [], maxRetries: 0, limit: limit() };
		const { choices } = await complete(network, openServer(server.url), request, options);
		expect(choices.map(({ message }) => message.content)).toEqual(['Hello', 'Second']);
	});

	it.each([finished, whole])('does not outlast a stop: %s', async (body) => {
		const controller = new AbortController();
		const server = await stalling(body);
		setTimeout(() => controller.abort(), 300);
		const failure = await rejectionOf(ask(server.url, limit({}, controller.signal)));
		expect(failure.facts).toEqual({ kind: 'cancelled' });
	});

	it('of JSON that only looks like its end is waited for as long as ever', async () => {
		const half = whole.slice(0, whole.indexOf('}') + 1);
		const server = await stalling(half, [whole.slice(half.length)], 2500);
		expect((await ask(server.url)).choices[0].message.content).toBe('Hello');
		const failure = await rejectionOf(ask((await stalling(half)).url, limit({ idle: 2.5 })));
		expect(failure.facts).toMatchObject({ limit: 'idleTimeout' });
	});
});

describe('a body that is no stream', () => {
	it.each([
		['nothing at all', ''],
		['blank lines only', '\n\n\n'],
		['[DONE] only', event('[DONE]')],
		['chunks without choices', events({ id: 'x', choices: [] }, '[DONE]')],
		['choices that are texts', events({ id: 'x', choices: ['Hello'] }, '[DONE]')],
	])('of %s is a failure', async (_, body) => {
		const { facts, message } = await fail(body);
		expect(facts).toEqual({ kind: 'brokenReply' });
		expect(message).toMatch(/holds no choices|is not a completion/);
	});

	it('but plain text is shown', async () => {
		expect(await fail('Please log in\nfirst')).toEqual({
			facts: { kind: 'brokenReply' },
			message: 'The reply holds no choices: Please log in first',
			transient: false,
		});
	});
});

describe('a data line that is not JSON', () => {
	it('is a broken reply that shows the line', async () => {
		expect(await fail(events(content('Hello'), 'upstream says no', stop))).toEqual({
			facts: { kind: 'brokenReply' },
			message: 'The reply holds a data line that is not JSON: upstream says no',
			transient: true,
		});
	});

	it('is shown on one line, at most 200 characters of it', async () => {
		const { message } = await fail(`data: no   ${'x'.repeat(5000)}\n\n`);
		expect(message).toContain(': no xxx');
		expect(message.length).toBeLessThan(270);
	});

	it.each(['null', '5', '"text"', '[]', 'true'])('or JSON without fields: %s', async (line) => {
		const { facts, message } = await fail(events(line, content('Hello'), stop, '[DONE]'));
		expect(facts.kind).toBe('brokenReply');
		expect(message).toContain(line);
	});

	it('of half a chunk, as a crashed server leaves it', async () => {
		const body = `${event(content('Hello'))}data: {"choices":[{"index":0,"del`;
		expect((await fail(body)).facts.kind).toBe('brokenReply');
	});
});

describe('an error in the middle of a stream, under status 200,', () => {
	const vllm = { object: 'error', message: 'Engine died', type: 'server_error', code: 500 };
	const openRouter = { code: 502, message: 'Provider returned error', metadata: { raw: 'Boom' } };
	it.each<[string, unknown, string, number]>([
		['an error object', { error: { message: 'No memory', code: 503 } }, 'No memory', 503],
		['an error object of its own status', { error: { message: 'x', status: 400 } }, 'x', 400],
		['an error object without a status', { error: { message: 'Oops' } }, 'Oops', 500],
		['a code in words', { error: { message: 'Oops', code: 'server_error' } }, 'Oops', 500],
		['an error string', { error: 'Model unloaded' }, 'Model unloaded', 500],
		['an error beside choices', { ...delta({}), error: { message: 'Late' } }, 'Late', 500],
		['vLLM’s own object', vllm, 'Engine died', 500],
		['OpenRouter’s', { ...delta({}, 'error'), error: openRouter }, 'error: Boom', 502],
		['problem JSON with detail', { status: 500, title: 'Internal', detail: 'Why' }, 'Why', 500],
		['problem JSON without', { status: 429, title: 'Too Many Requests' }, 'Too Many', 429],
		['status and detail', { status: 503, detail: 'Busy' }, 'Busy', 503],
	])('%s: the server’s words and status', async (_, data, words, status) => {
		const { facts, message } = await fail(events(content('Hel'), data, '[DONE]'));
		expect(facts).toMatchObject({ kind: 'refused', status });
		expect(message).toContain(words);
		expect(message).toContain(`(HTTP ${status})`);
	});

	it.each([
		['JSON', '{"message":"Overloaded","code":529}', 'Overloaded (HTTP 529)'],
		['a JSON string', '"Overloaded"', 'Overloaded (HTTP 500)'],
	])('`event: error` with %s', async (_, data, message) => {
		const body = `${event(content('Hel'))}event: error\n${event(data)}`;
		expect(await fail(body)).toMatchObject({
			facts: { kind: 'refused', cause: 'busy' },
			message,
			transient: true,
		});
	});

	it('in a choice: the server’s words and status', async () => {
		const choice = { index: 0, delta: { content: '' }, finish_reason: 'error' };
		const error = { code: 502, message: 'Upstream died' };
		const last = { ...delta({}), choices: [{ ...choice, error }] };
		expect(await fail(events(content('Half of'), last, '[DONE]'))).toEqual({
			facts: { kind: 'refused', cause: 'busy', status: 502 },
			message: 'Upstream died (HTTP 502)',
			transient: true,
		});
	});

	it('that only a finish reason tells', async () => {
		const { facts, message } = await fail(events(content('Half of'), delta({}, 'error'), '[DONE]'));
		expect(facts).toMatchObject({ kind: 'refused', cause: 'busy', status: 500 });
		expect(message).toMatch(/^The server ended the reply with an error/);
	});

	it('`event: error` with plain text shows the text', async () => {
		const body = `${event(content('Hel'))}event: error\n${event('the engine died')}`;
		expect((await fail(body)).message).toContain('the engine died');
	});

	it('without blank lines between events', async () => {
		const body = events(content('Hel'), { error: 'Died' }).replaceAll('\n\n', '\n');
		expect((await fail(body)).message).toBe('Died (HTTP 500)');
	});

	it('is no reason to ask again when the request was wrong', async () => {
		const error = { message: 'maximum context length is 512 tokens', code: 400 };
		expect(await fail(events({ error }))).toMatchObject({
			facts: { kind: 'refused', cause: 'context', status: 400 },
			transient: false,
		});
	});

	it('names the request, by the header or by its own field', async () => {
		const body = events({ status: 500, title: 'Oops', requestId: 'inner' });
		expect((await fail(body)).facts).toMatchObject({ requestId: 'inner' });
		expect((await fail(body, { 'nvcf-reqid': 'outer' })).facts).toMatchObject({
			requestId: 'outer',
		});
	});

	it('is not made of `error: null` or of a status beside choices', async () => {
		const kind = { ...content('Hello'), error: null, status: 200, detail: 'fine' };
		const server = await keep(openHttp((_, response) => response.end(events(kind, stop))));
		expect((await ask(server.url)).choices[0].message.content).toBe('Hello');
	});
});

describe('a reply without end', () => {
	it('is refused at 64 MB, before it fills the memory', async () => {
		const piece = Buffer.alloc(1024 * 1024, 'x');
		let pieces = 0;
		const reply = {
			...replyOf([]),
			async *chunks() {
				yield Buffer.from('{"choices": "');
				for (; pieces < 200; pieces++) yield piece;
			},
		};
		const failure = await rejectionOf(readCompletion(reply, limit()));
		expect(failure.message).toMatch(/larger than 64 MB/);
		expect(failure.message.length).toBeLessThan(300);
		expect(pieces).toBeLessThan(70);
	});

	it('gives its connection back whatever happened', async () => {
		const release = jest.fn();
		const bodies = [JSON.stringify(wholeCompletion('Hi')), '<html>', events({ error: 'no' })];
		for (const body of bodies) {
			const reply = { ...replyOf([Buffer.from(body)]), release };
			await readCompletion(reply, limit()).catch(() => undefined);
		}
		expect(release).toHaveBeenCalledTimes(3);
	});
});
