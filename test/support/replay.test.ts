import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { loadRecording, recordingNames } from './recording';
import { type Replay, replay, type ReplayOptions } from './replay';

const get = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
let open: Replay[] = [];
afterEach(async () => {
	await Promise.all(open.map(async (server) => await server.close()));
	open = [];
});

async function serve(...[reply, options]: Parameters<typeof replay>): Promise<Replay> {
	const server = await replay(reply, options);
	open.push(server);
	return server;
}

function connectTo(url: string) {
	return connect({ host: '127.0.0.1', port: Number(new URL(url).port), noDelay: true });
}

async function fetchRaw(url: string, request = get): Promise<Buffer> {
	const socket = connectTo(url);
	socket.write(request);
	return await buffer(socket);
}

const bytesOf = (name: string) =>
	Buffer.concat(loadRecording(name).chunks.map(({ bytes }) => bytes));

describe('a recording', () => {
	it('is cut by its byte counts', () => {
		const { request, chunks, ending } = loadRecording('00-health');
		expect(request).toMatch(/^GET \/health HTTP\/1\.1\r\n/);
		expect(chunks).toHaveLength(1);
		expect(chunks[0].atMs).toBe(1.2);
		expect(chunks[0].bytes).toHaveLength(170);
		expect(chunks[0].bytes.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\{"status":"ok"\}$/);
		expect(ending).toBe('closed by server');
	});

	it('tells when the client hung up', () => {
		expect(loadRecording('15-abort-midstream').ending).toBe('ABORTED by client');
	});

	it('may have a request that was cut, or one without a heading', () => {
		expect(loadRecording('10-ctx-overflow').chunks[0].bytes.toString()).toMatch(/^HTTP\/1\.1 400/);
		const { request } = loadRecording('18-queue-first');
		expect(request).toMatch(/^POST [^]*"stream": true\}$/);
	});

	it('that does not exist is an error', () => {
		expect(() => loadRecording('99-missing')).toThrow('ENOENT');
	});

	it.each(recordingNames)('%s is one whole HTTP reply', (name) => {
		const { chunks, ending } = loadRecording(name);
		const text = bytesOf(name).toString('latin1');
		expect(text).toMatch(/^HTTP\/1\.1 \d{3} /);
		expect(chunks.every(({ bytes }) => bytes.length > 0)).toBe(true);
		const [head, body] = text.split(/\r\n\r\n([^]*)/);
		const [, length] = /content-length: (\d+)/i.exec(head) ?? [];
		if (length) expect(body).toHaveLength(Number(length));
		else if (ending === 'closed by server') expect(body).toMatch(/\r\n0\r\n\r\n$/);
	});
});

describe('a replay', () => {
	const cuts: Array<ReplayOptions['cut']> = ['recorded', 'bytes', { seed: 1 }];
	it.each(recordingNames)('of %s gives exactly its bytes, however they are cut', async (name) => {
		for (const cut of cuts) {
			const { url } = await serve(loadRecording(name), { cut });
			expect((await fetchRaw(url)).equals(bytesOf(name))).toBe(true);
		}
	});

	it('of single bytes arrives in many pieces, of random cuts in fewer', async () => {
		const count = async (cut: ReplayOptions['cut']) => {
			const { url } = await serve(loadRecording('02-chat-stream-nousage'), { cut });
			const socket = connectTo(url);
			let pieces = 0;
			socket.on('data', () => pieces++);
			socket.write(get);
			await once(socket, 'close');
			return pieces;
		};
		const size = bytesOf('02-chat-stream-nousage').length;
		const single = await count('bytes');
		expect(single).toBeGreaterThan(size / 4);
		expect(await count({ seed: 7 })).toBeLessThan(single);
	});

	it('pauses between pieces', async () => {
		const recording = loadRecording('02-chat-stream-nousage');
		const { url } = await serve(recording, { pauseMs: 10 });
		const began = Date.now();
		await fetchRaw(url);
		expect(Date.now() - began).toBeGreaterThanOrEqual(10 * (recording.chunks.length - 1));
	});

	it('waits for the whole request by Content-Length', async () => {
		const { url, requests } = await serve(Buffer.from('HTTP/1.1 200 OK\r\n\r\nhi'));
		const socket = connectTo(url);
		const reply = buffer(socket);
		socket.write('POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nab');
		await setTimeout(30);
		expect(requests).toEqual([]);
		socket.write('cd');
		expect((await reply).toString()).toBe('HTTP/1.1 200 OK\r\n\r\nhi');
		expect(requests.map(String)).toEqual(['POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd']);
	});

	it('waits for the whole request when it is chunked', async () => {
		const { url, requests } = await serve(Buffer.from('ok'));
		const request = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n';
		const socket = connectTo(url);
		const reply = buffer(socket);
		for (const byte of request) {
			expect(requests).toEqual([]);
			socket.write(byte);
			await setTimeout(1);
		}
		expect((await reply).toString()).toBe('ok');
		expect(requests.map(String)).toEqual([request]);
	});

	it('answers every connection', async () => {
		const { url, requests } = await serve(Buffer.from('ok'));
		const replies = await Promise.all([1, 2, 3].map(async () => await fetchRaw(url)));
		expect(replies.map(String)).toEqual(['ok', 'ok', 'ok']);
		expect(requests).toHaveLength(3);
	});

	it('survives clients that hang up, and closes with connections open', async () => {
		const server = await serve(loadRecording('18-queue-first'), { cut: 'bytes', pauseMs: 1 });
		const early = connectTo(server.url).on('error', () => undefined);
		early.write('POST / HTTP/1.1\r\nContent-Le');
		const late = connectTo(server.url).on('error', () => undefined);
		late.write(get);
		await once(late, 'data');
		early.destroy();
		late.destroy();
		const staying = connectTo(server.url).on('error', () => undefined);
		staying.write(get);
		await once(staying, 'data');
		await server.close();
		if (!staying.destroyed) await once(staying, 'close');
		open = [];
	});
});
