import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { complete } from '../../nodes/Gemma/transport/chat';
import { refusalOf } from '../../nodes/Gemma/transport/refusal';
import { withRetries } from '../../nodes/Gemma/transport/retry';
import type { TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { content, event, stop } from '../support/events';
import { rejectionOf } from '../support/failure';
import { closedPort, openHttp } from '../support/servers';
import { openServer, question, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

type Answer = (response: ServerResponse) => void;

/** A server that answers in these ways in turn, and well from then on. */
async function serverOf(...answers: Answer[]) {
	let asked = 0;
	const server = await keep(
		openHttp((request, response) => {
			request.resume();
			const answer = answers[asked++];
			if (answer) answer(response);
			else response.end(event(content('Hi')) + event(stop) + 'data: [DONE]\n\n');
		}),
	);
	return { url: server.url, asked: () => asked };
}

async function ask(url: string, maxRetries = 1, within: TimeLimit = limit()) {
	const net = await network();
	const options = { assetIds: [], maxRetries: 0, limit: within };
	const once = async () => await complete(net, openServer(url), question, options);
	const { choices } = await withRetries(once, maxRetries, within);
	return choices[0].message.content;
}

const refuse =
	(status: number, body = '', headers: Record<string, string> = {}): Answer =>
	(response) =>
		response.writeHead(status, { 'retry-after': '0.1', ...headers }).end(body);

describe('is asked again', () => {
	it.each([408, 409, 429, 500, 502, 503, 504, 529])('HTTP %d', async (status) => {
		const { url, asked } = await serverOf(refuse(status, 'Not now'));
		expect(await ask(url)).toBe('Hi');
		expect(asked()).toBe(2);
	});

	it.each<[what: string, answer: Answer]>([
		['a reset before the first byte', ({ socket }) => socket?.resetAndDestroy()],
		['a connection closed before the first byte', ({ socket }) => socket?.destroy()],
		[
			'a stream cut off by the network',
			(response) => {
				response.write(event(content('Half')));
				setTimeout(() => response.destroy(), 20);
			},
		],
		['a stream that ends in mid-sentence', (response) => response.end(event(content('Half')))],
		[
			'a whole reply cut short',
			(response) => {
				response.writeHead(200, { 'content-length': '500' }).write('{"choices":');
				setTimeout(() => response.destroy(), 20);
			},
		],
		[
			'a failure in mid-stream',
			(response) =>
				response.end(event(content('Half')) + event({ error: { code: 502, message: 'x' } })),
		],
	])('%s', async (_, answer) => {
		const { url, asked } = await serverOf(answer);
		expect(await ask(url)).toBe('Hi');
		expect(asked()).toBe(2);
	});

	it('a server that is down, as often as Max Retries says', async () => {
		const failure = await rejectionOf(ask(await closedPort(), 1));
		expect(failure.message).toMatch(/connection refused \(tried 2 times\)$/);
	});
});

describe('is not asked again', () => {
	it.each([
		[400, 'No'],
		[422, 'No'],
		[500, '{"error":{"code":500,"message":"image input is not supported - hint: mmproj"}}'],
		[500, '{"error":{"code":500,"message":"Failed to parse messages: type must be string"}}'],
	])('HTTP %d %s', async (status, body) => {
		const { url, asked } = await serverOf(refuse(status, body));
		expect((await rejectionOf(ask(url, 4))).message).not.toContain('tried');
		expect(asked()).toBe(1);
	});

	it('a reply that fell silent', async () => {
		const { url, asked } = await serverOf((response) => response.write(event(content('Half'))));
		const failure = await rejectionOf(ask(url, 4, limit({ idle: 0.2 })));
		expect(failure.facts).toMatchObject({ kind: 'timeLimit', limit: 'idleTimeout' });
		expect(asked()).toBe(1);
	});
});

describe('Retry-After', () => {
	it('as a date that has passed is no wait', async () => {
		const past = new Date(Date.now() - 60_000).toUTCString();
		const { url } = await serverOf(refuse(503, '', { 'retry-after': past }));
		expect(await ask(url, 1, limit({ timeout: 5 }))).toBe('Hi');
	});

	it.each([
		['seconds', '10800'],
		['a date', new Date(Date.now() + 10_790_000).toUTCString()],
	])('of three hours, as %s, is not waited for', async (_, value) => {
		const { url, asked } = await serverOf(refuse(503, 'Down', { 'retry-after': value }));
		const failure = await rejectionOf(ask(url, 4));
		expect(failure.message).toBe('Down (HTTP 503); the server wants to be asked again in 3 hours');
		expect(asked()).toBe(1);
	});
});

it('a stop ends the wait, with no timer left of it', async () => {
	const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
	const controller = new AbortController();
	const within = limit({ timeout: 100 }, controller.signal);
	const before = timers();
	const busy = async () => await Promise.reject(refusalOf(503, 'Busy', { retryAfterMs: 60_000 }));
	const running = withRetries(busy, 4, within);
	running.catch(() => {});
	await sleep(20);
	expect(timers()).toBe(before + 1);
	controller.abort();
	expect((await rejectionOf(running)).facts).toEqual({ kind: 'cancelled' });
	expect(timers()).toBe(before);
});
