import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { complete } from '../../nodes/Gemma/transport/chat';
import { download } from '../../nodes/Gemma/transport/download';
import { content, events, stop, wholeCompletion } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { openServer, partsOf, question, useTransport } from '../support/transport';

const { ask, keep, limit, network } = useTransport();

const serve = async (body: Buffer, encoding: string, status = 200) =>
	await keep(
		openHttp((_, response) =>
			response.writeHead(status, { 'content-encoding': encoding }).end(body),
		),
	);

const whole = JSON.stringify(wholeCompletion('Hello'));
const stream = events(content('Hel'), content('lo'), stop, '[DONE]');

describe('a reply that comes compressed, which nobody asked for,', () => {
	it.each<[string, (text: string) => Buffer]>([
		['gzip', gzipSync],
		['x-gzip', gzipSync],
		['GZIP', gzipSync],
		['br', brotliCompressSync],
		['deflate', deflateSync],
		['identity', Buffer.from],
	])('in %s is read', async (encoding, compress) => {
		for (const body of [whole, stream]) {
			const { url } = await serve(compress(body), encoding);
			expect((await ask(url)).choices[0].message.content).toBe('Hello');
		}
	});

	it('is read piece by piece, as a stream is', async () => {
		const heard: string[] = [];
		const server = await keep(
			openHttp((_, response) => {
				const gzip = createGzip();
				response.writeHead(200, { 'content-encoding': 'gzip' });
				gzip.pipe(response);
				gzip.write(events(content('Hel')));
				gzip.flush();
				const timer = setInterval(() => {
					if (heard.length > 0) gzip.end(events(content('lo'), stop, '[DONE]'));
					if (heard.length > 0) clearInterval(timer);
				}, 20);
				response.on('close', () => clearInterval(timer));
			}),
		);
		const { choices } = await complete(await network(), openServer(server.url), question, {
			assetIds: [],
			maxRetries: 0,
			limit: limit({ timeout: 4 }),
			onText: (text) => heard.push(text),
		});
		expect(choices[0].message.content).toBe('Hello');
		expect(heard).toEqual(['Hel', 'lo']);
	});

	it('says what an error page says', async () => {
		const { url } = await serve(gzipSync('{"error":"Out of memory"}'), 'gzip', 400);
		expect(partsOf(await rejectionOf(ask(url))).message).toBe('Out of memory (HTTP 400)');
	});

	it('costs no connection', async () => {
		const server = await serve(gzipSync(stream), 'gzip');
		const run = await network();
		for (let call = 0; call < 5; call++) {
			const options = { assetIds: [], maxRetries: 0, limit: limit() };
			await complete(run, openServer(server.url), question, options);
		}
		expect(server.connections).toBe(1);
	});

	it.each([
		['that breaks off', gzipSync(whole.repeat(20)).subarray(0, 100), 'gzip'],
		['in another form than it says', Buffer.from(whole), 'gzip'],
		['in another form than it says', Buffer.from(whole), 'br'],
	])('%s is a failure that says so', async (_, body, encoding) => {
		const { host, url } = await serve(body, encoding);
		expect(partsOf(await rejectionOf(ask(url)))).toMatchObject({
			facts: { kind: 'network', host },
			message: `Could not talk to ${host}: its reply cannot be decompressed`,
			transient: true,
		});
	});

	it('ends by a time limit as any other', async () => {
		const server = await keep(
			openHttp((_, response) => {
				const body = gzipSync(whole);
				response.writeHead(200, { 'content-encoding': 'gzip' });
				response.write(body.subarray(0, 30));
			}),
		);
		expect((await rejectionOf(ask(server.url, limit({ idle: 0.3 })))).facts).toMatchObject({
			limit: 'idleTimeout',
		});
		expect((await rejectionOf(ask(server.url, limit({ timeout: 0.3 })))).facts).toMatchObject({
			limit: 'timeout',
		});
	});

	it('that unpacks to more than it may be is refused on the way', async () => {
		const { url } = await serve(gzipSync(Buffer.alloc(30 * 1024 * 1024)), 'gzip');
		const { message } = await rejectionOf(download(await network(), url, limit()));
		expect(message).toMatch(/larger than 25 MB/);
	});
});
