import type { RequestListener } from 'node:http';
import { download } from '../../nodes/Gemma/transport/download';
import type { EgressFilter } from '../../nodes/Gemma/transport/network';
import { selfSigned } from '../support/certificates';
import { rejectionOf } from '../support/failure';
import { closedPort, openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';
import { until } from '../support/until';

const { keep, network, limit } = useTransport();

const LIMIT = 25 * 1024 * 1024;
const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10]);

const get = async (url: string, ...over: Parameters<typeof network>) =>
	await download(await network(...over), url, limit());

const serve = async (listener: RequestListener) => await keep(openHttp(listener));

/** What a failed download tells: host, never path or query. */
async function fail(url: string, ...over: Parameters<typeof network>) {
	const failure = await rejectionOf(get(url, ...over));
	expect(`${failure.message} ${failure.advice}`).not.toMatch(/private|signature/);
	return partsOf(failure);
}

const unusable = (message: string) => ({
	facts: { kind: 'input', field: 'URL(s)' },
	message: `A picture could not be downloaded: ${message}`,
	transient: false,
});

/** A server that redirects `/5` to `/4` and so on; `/0` is the picture. */
const countingDown: RequestListener = (request, response) => {
	const left = Number(request.url?.slice(1));
	if (left === 0) response.end(bytes);
	else response.writeHead(302, { location: `/${left - 1}` }).end();
};

describe('a download', () => {
	it('gives the bytes as they are', async () => {
		const server = await serve((_, response) => response.end(bytes));
		expect(await get(`${server.url}/private/a.png?signature=b`)).toEqual(bytes);
	});

	it('sends no credential, and says who asks', async () => {
		let headers: Record<string, unknown> = {};
		const server = await serve((request, response) => {
			headers = request.headers;
			response.end(bytes);
		});
		await get(server.url);
		expect(headers).toMatchObject({ accept: 'image/*', 'user-agent': 'n8n-nodes-gemma' });
		expect(headers).not.toHaveProperty('authorization');
		expect(headers).not.toHaveProperty('cookie');
	});

	it('does not trust what only the credential trusts', async () => {
		const server = await keep(openHttp((_, response) => response.end(bytes), selfSigned));
		const trust = { caCertificate: selfSigned.cert, allowUnauthorizedCerts: true };
		expect((await fail(server.url, trust)).message).toMatch(/certificate is self-signed/);
	});

	it.each([401, 403, 404, 410, 500, 204, 206, 304])(
		'of status %d is no picture',
		async (status) => {
			const server = await serve((_, response) => response.writeHead(status).end('a page'));
			expect(await fail(`${server.url}/private`)).toEqual(
				unusable(`${server.host} answered HTTP ${status}`),
			);
		},
	);

	it('from a server that is down is a failure of the network', async () => {
		const url = await closedPort();
		const { host } = new URL(url);
		expect(await fail(`${url}/private?signature=x`)).toEqual({
			facts: { kind: 'network', code: 'ECONNREFUSED', host },
			message: `A picture could not be downloaded: Could not talk to ${host}: connection refused`,
			transient: true,
		});
	});

	it('that breaks off is no picture', async () => {
		const server = await serve((_, response) => {
			response.writeHead(200, { 'content-length': '1000' }).write(bytes);
			setTimeout(() => response.destroy(), 50);
		});
		const { facts, transient } = await fail(server.url);
		expect([facts.kind, transient]).toEqual(['network', true]);
	});
});

describe('the size of a download', () => {
	it('may be 25 MB', async () => {
		const server = await serve((_, response) => response.end(Buffer.alloc(LIMIT)));
		expect(await get(server.url)).toHaveLength(LIMIT);
	});

	it('that is announced as more is refused before it comes', async () => {
		let written = 0;
		const server = await serve((_, response) => {
			response.writeHead(200, { 'content-length': String(LIMIT + 1) });
			const timer = setInterval(() => {
				written += 1024;
				response.write(Buffer.alloc(1024));
			}, 1);
			response.on('close', () => clearInterval(timer));
		});
		expect(await fail(server.url)).toEqual(
			unusable(`the file at ${server.host} is larger than 25 MB`),
		);
		expect(written).toBeLessThan(LIMIT / 2);
	});

	it('that is not announced is counted', async () => {
		let isClosed = false;
		const server = await serve((_, response) => {
			const piece = Buffer.alloc(1024 * 1024);
			const more = () => {
				while (!isClosed && response.write(piece));
			};
			response.on('drain', more).on('close', () => (isClosed = true));
			more();
		});
		expect(await fail(server.url)).toEqual(
			unusable(`the file at ${server.host} is larger than 25 MB`),
		);
		await until('the connection is given up', () => isClosed);
	});
});

describe('redirects', () => {
	it.each([301, 302, 303, 307, 308])('of status %d are followed', async (status) => {
		const server = await serve((request, response) => {
			if (request.url === '/to') response.end(bytes);
			else response.writeHead(status, { location: 'to' }).end('moved');
		});
		expect(await get(server.url)).toEqual(bytes);
	});

	it('are followed five times and not a sixth', async () => {
		const server = await serve(countingDown);
		expect(await get(`${server.url}/5`)).toEqual(bytes);
		expect(await fail(`${server.url}/6`)).toEqual(
			unusable(`${server.host} redirects more than 5 times`),
		);
	});

	it.each([
		['a file', 'file:///etc/hostname'],
		['data', 'data:image/png;base64,iVBORw0KGgo='],
		['another protocol', 'ftp://a.example/private'],
		['no address', 'http://['],
		['nothing', undefined],
	])('to %s are not followed', async (_, location) => {
		const server = await serve((_request, response) =>
			response.writeHead(302, location === undefined ? {} : { location }).end(),
		);
		expect(await fail(`${server.url}/private`)).toEqual(
			unusable(`${server.host} redirects to something that is no web address`),
		);
	});

	it('are checked one by one by n8n’s egress filter', async () => {
		const inner = await serve((_, response) => response.end(bytes));
		const outer = await serve((_, response) =>
			response.writeHead(302, { location: `${inner.url}/private` }).end(),
		);
		const asked: string[] = [];
		const filter = (blocked: string): EgressFilter => ({
			validateUrl: async (url) => {
				const { host } = new URL(url);
				asked.push(host);
				return host === blocked ? { ok: false, error: new Error('blocked') } : { ok: true };
			},
			createSecureLookup: () => (_host, _options, callback) => callback(new Error('unused'), ''),
		});
		expect(await fail(`${outer.url}/private`, {}, filter(inner.host))).toMatchObject({
			facts: { kind: 'network', code: 'BLOCKED', host: inner.host },
			transient: false,
		});
		expect(inner.connections).toBe(0);
		expect(new Set(asked)).toEqual(new Set([outer.host, inner.host]));
		expect(await get(outer.url, {}, filter(''))).toEqual(bytes);
	});
});

describe('the time of a download', () => {
	const stalling: RequestListener = (_, response) => void response.write('x');

	it('is 30 seconds, and a failure then names the host', async () => {
		let asked = 0;
		const server = await serve((request, response) => {
			asked++;
			stalling(request, response);
		});
		// Only what the node itself waits for: the sockets' own timers stay real.
		jest.useFakeTimers({
			doNotFake: [
				'nextTick',
				'setImmediate',
				'queueMicrotask',
				'performance',
				'Date',
				'setInterval',
			],
		});
		try {
			const long = limit({ timeout: 600 });
			const failing = rejectionOf(download(await network(), `${server.url}/private`, long));
			await until('it was asked', () => asked > 0);
			jest.advanceTimersByTime(29_000);
			await new Promise((resolve) => setImmediate(resolve));
			jest.advanceTimersByTime(1_100);
			expect(partsOf(await failing)).toEqual({
				facts: { kind: 'timeLimit', limit: 'download', seconds: 30 },
				message: `A picture at ${server.host} did not arrive within 30 seconds`,
				transient: true,
			});
		} finally {
			jest.useRealTimers();
		}
	});

	it('counts in the item’s own, which speaks for itself', async () => {
		const server = await serve(stalling);
		const failing = download(await network(), server.url, limit({ timeout: 0.2 }));
		expect((await rejectionOf(failing)).facts).toEqual({
			kind: 'timeLimit',
			limit: 'timeout',
			seconds: 0.2,
		});
	});

	it('ends when the execution is stopped', async () => {
		const server = await serve(stalling);
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 100);
		const failing = download(await network(), server.url, limit({}, controller.signal));
		expect((await rejectionOf(failing)).facts).toEqual({ kind: 'cancelled' });
	});

	it('leaves no timer behind', async () => {
		const server = await serve((_, response) => response.end(bytes));
		const cleared = jest.spyOn(global, 'clearTimeout');
		const started = jest.spyOn(global, 'setTimeout');
		await get(server.url);
		const own = started.mock.calls.findIndex(([, delay]) => delay === 30_000);
		expect(own).toBeGreaterThanOrEqual(0);
		expect(cleared).toHaveBeenCalledWith(started.mock.results[own].value);
		jest.restoreAllMocks();
	});
});
