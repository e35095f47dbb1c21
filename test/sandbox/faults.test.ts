import { request } from 'node:http';
import { until } from '../support/until';
import { call, chat, contentOf, useSandbox } from './support';

const sandbox = useSandbox();

interface Received {
	status?: number;
	bytes: number;
	/** `read ECONNRESET` only for a reset; a connection that is merely closed reads differently. */
	error?: string;
	/** Milliseconds from the call to each piece of the body. */
	times: number[];
}

/** Asks for the models over its own connection and tells all that came of it. */
function listModels(): Promise<Received> {
	return new Promise((resolve) => {
		const received: Received = { bytes: 0, times: [] };
		const start = performance.now();
		const end = (error?: NodeJS.ErrnoException) =>
			resolve({ ...received, ...(error && { error: error.message }) });
		request(`${sandbox.current.baseUrl}/models`, { agent: false }, (response) => {
			received.status = response.statusCode;
			response.on('data', (bytes: Buffer) => {
				received.bytes += bytes.length;
				received.times.push(performance.now() - start);
			});
			response.on('end', () => end());
			response.on('error', end);
		})
			.on('error', end)
			.end();
	});
}

describe('a fault’s own reply', () => {
	it('takes the place of one real reply, then all is well', async () => {
		sandbox.current.fault({
			status: 429,
			body: { title: 'Too Many Requests' },
			headers: { 'Retry-After': '3' },
		});
		const faulty = await chat(sandbox.current);
		expect(faulty.status).toBe(429);
		expect(faulty.headers.get('retry-after')).toBe('3');
		expect(faulty.headers.get('content-type')).toBe('application/json');
		expect(JSON.parse(faulty.text)).toEqual({ title: 'Too Many Requests' });
		expect((await chat(sandbox.current)).status).toBe(200);
	});

	it('may be text, raw, or empty', async () => {
		sandbox.current.fault(
			{ status: 502, body: 'Bad gateway', headers: { 'Content-Type': 'text/html' } },
			{ rawBody: 'data: {' },
			{ status: 503 },
		);
		const html = await chat(sandbox.current);
		expect([html.status, html.text, html.headers.get('content-type')]).toEqual([
			502,
			'Bad gateway',
			'text/html',
		]);
		const raw = await chat(sandbox.current);
		expect([raw.status, raw.text, raw.headers.get('content-type')]).toEqual([200, 'data: {', null]);
		const nothing = await chat(sandbox.current);
		expect([nothing.status, nothing.text]).toEqual([503, '']);
	});

	it('keeps the request from being carried out', async () => {
		sandbox.current.fault({ status: 500 });
		const body = { contentType: 'image/png', description: 'x' };
		await call(sandbox.current, `${sandbox.current.nvcfUrl}/assets`, { method: 'POST', body });
		expect(sandbox.current.assets.size).toBe(0);
	});

	it('that is headers alone is added to the real reply', async () => {
		sandbox.current.fault({ headers: { 'X-Extra': 'yes', 'Content-Type': 'text/html' } });
		const answer = await chat(sandbox.current);
		expect(answer.headers.get('x-extra')).toBe('yes');
		expect(answer.headers.get('content-type')).toBe('text/html');
		expect(contentOf(answer)).toContain('Hello');
	});
});

describe('faults meet', () => {
	const statuses = async (count: number) => {
		const seen: number[] = [];
		for (let at = 0; at < count; at += 1) seen.push((await chat(sandbox.current)).status);
		return seen;
	};

	it('requests in the order they were queued, each as often as it says', async () => {
		sandbox.current.fault({ status: 500, times: 2 }, { status: 502 });
		expect(await statuses(4)).toEqual([500, 500, 502, 200]);
	});

	it('the nth request that matches, and those after it', async () => {
		sandbox.current.fault({ match: { nth: 2 }, status: 500, times: 2 });
		expect(await statuses(4)).toEqual([200, 500, 500, 200]);
	});

	it('only the method and path that they name', async () => {
		sandbox.current.fault(
			{ match: { method: 'get', path: '/v1' }, status: 500 },
			{ match: { path: '/v1/chat' }, status: 502 },
		);
		expect(await statuses(2)).toEqual([502, 200]);
		expect((await listModels()).status).toBe(500);
		expect((await listModels()).status).toBe(200);
	});

	it('the storage host too', async () => {
		sandbox.current.fault({ match: { path: '/uploads/' }, status: 503 });
		expect((await fetch(`${sandbox.current.storageUrl}/uploads/x`)).status).toBe(503);
	});
});

describe('a connection', () => {
	it.each([0, 1, 100])('is cut after exactly %d bytes of the body', async (bytes) => {
		sandbox.current.fault({ cutAfterBytes: bytes });
		const received = await listModels();
		expect(received).toMatchObject({ status: 200, bytes, error: 'aborted' });
		await until('the log tells it', () => sandbox.current.requests.at(-1)?.broken === true);
	});

	it('is left alone when the body is shorter than the cut', async () => {
		sandbox.current.fault({ rawBody: 'short', cutAfterBytes: 6 });
		expect(await listModels()).toMatchObject({ bytes: 5, status: 200 });
		expect(sandbox.current.requests.at(-1)).not.toHaveProperty('broken');
	});

	it('is cut in a stream after exactly n bytes, the end marker included', async () => {
		const { text } = await chat(sandbox.current, { stream: true, max_tokens: 3 });
		for (const cutAfterBytes of [1000, text.length]) {
			sandbox.current.fault({ cutAfterBytes });
			await expect(chat(sandbox.current, { stream: true, max_tokens: 3 })).rejects.toThrow();
		}
	});

	it('is reset before any byte', async () => {
		sandbox.current.fault({ reset: 'before' });
		expect(await listModels()).toEqual({ bytes: 0, times: [], error: 'read ECONNRESET' });
		expect(sandbox.current.requests).toHaveLength(1);
		expect(sandbox.current.requests[0].status).toBeUndefined();
	});

	it('is reset behind the headers', async () => {
		sandbox.current.fault({ reset: 'headers' });
		expect(await listModels()).toMatchObject({ status: 200, bytes: 0, error: 'read ECONNRESET' });
	});

	it('is reset after exactly n bytes', async () => {
		sandbox.current.fault({ reset: 77 });
		expect(await listModels()).toMatchObject({ status: 200, bytes: 77, error: 'read ECONNRESET' });
	});
});

describe('a reply', () => {
	it('is late by delayMs', async () => {
		sandbox.current.fault({ delayMs: 200 });
		expect((await listModels()).times[0]).toBeGreaterThanOrEqual(195);
	});

	it('stalls after n bytes and goes on after stallMs', async () => {
		sandbox.current.fault({ stallAfterBytes: 10, stallMs: 200 });
		const { times, bytes } = await listModels();
		expect(bytes).toBeGreaterThan(100);
		expect(times[0]).toBeLessThan(150);
		expect(times[1]).toBeGreaterThanOrEqual(195);
	});

	it('stalls for ever without stallMs, until the client hangs up', async () => {
		sandbox.current.fault({ stallAfterBytes: 10 });
		const abort = AbortSignal.timeout(150);
		const response = await fetch(`${sandbox.current.baseUrl}/models`, { signal: abort });
		await expect(response.text()).rejects.toThrow();
	});

	it('drips', async () => {
		sandbox.current.fault({ rawBody: 'x'.repeat(50), dripBytes: 10, dripMs: 30 });
		const { times, bytes } = await listModels();
		expect(bytes).toBe(50);
		expect(times).toHaveLength(5);
		expect(times[4]).toBeGreaterThanOrEqual(110);
	});
});

describe('a fault from another process', () => {
	const post = (body: unknown) =>
		call(sandbox.current, new URL('/control/faults', sandbox.current.baseUrl).href, {
			method: 'POST',
			key: '',
			body,
		});

	it('is queued, one or several', async () => {
		expect(JSON.parse((await post({ status: 500 })).text)).toEqual({ queued: 1 });
		expect(JSON.parse((await post([{ status: 502 }, { status: 503 }])).text)).toEqual({
			queued: 3,
		});
		const seen = [await chat(sandbox.current), await chat(sandbox.current)];
		expect(seen.map(({ status }) => status)).toEqual([500, 502]);
	});

	it.each([
		['{', /is an object/],
		['{"statis":500}', /no field 'statis'/],
		['{"match":{"url":"x"}}', /no field 'url'/],
		['{"delayMs":"5"}', /'delayMs' is a number/],
		['{"status":199}', /from 200 to 599/],
		['{"reset":"after"}', /'reset' is/],
		['[{"status":500},5]', /is an object/],
	])('is refused when it is %s, and nothing is queued', async (body, message) => {
		const answer = await post(body);
		expect(answer.status).toBe(400);
		expect(JSON.parse(answer.text).error.message).toMatch(message);
		expect((await chat(sandbox.current)).status).toBe(200);
	});

	it('is refused in this process as well', () => {
		expect(() => sandbox.current.fault(JSON.parse('{"statis":500}'))).toThrow(TypeError);
	});
});
