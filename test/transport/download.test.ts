import type { RequestListener } from 'node:http';
import { download } from '../../nodes/Gemma/transport/download';
import type { EgressFilter } from '../../nodes/Gemma/transport/network';
import { withRetries } from '../../nodes/Gemma/transport/retry';
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
	expect(failure.message).not.toMatch(/private|signature/);
	// The picture's host is none of the credential's.
	expect(failure.advice).not.toMatch(/signature|CA Certificate|Ignore SSL|in the credential/);
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
		const { message, advice } = await rejectionOf(get(server.url, trust));
		expect(message).toMatch(/certificate is self-signed/);
		expect(advice).not.toMatch(/CA Certificate|SSL|in the credential/);
		expect(advice).toMatch(/Binary Field\(s\)/);
	});

	it.each([401, 403, 404, 410, 204, 206, 304])('of status %d is no picture', async (status) => {
		const server = await serve((_, response) => response.writeHead(status).end('a page'));
		expect(await fail(`${server.url}/private`)).toEqual(
			unusable(`${server.host} answered HTTP ${status}`),
		);
	});

	it.each([429, 500, 503])('of status %d may be tried again', async (status) => {
		let asked = 0;
		const server = await serve((_, response) => {
			if (++asked > 1) response.end(bytes);
			else response.writeHead(status).end('a page');
		});
		expect(await fail(server.url)).toEqual({
			...unusable(`${server.host} answered HTTP ${status}`),
			transient: true,
		});
		asked = 0;
		const run = await network();
		const own = limit();
		const tries = withRetries(async () => await download(run, server.url, own), 1, own);
		expect(await tries).toEqual(bytes);
		expect(asked).toBe(2);
	});

	it.each([429, 503])('of status %d is tried again when the host wants it', async (status) => {
		const answer = async (retryAfter: string) => {
			let asked = 0;
			const server = await serve((_, response) => {
				if (++asked > 1) response.end(bytes);
				else response.writeHead(status, { 'retry-after': retryAfter }).end();
			});
			const run = await network();
			const own = limit();
			return withRetries(async () => await download(run, server.url, own), 1, own);
		};
		const startedAt = performance.now();
		expect(await answer('1')).toEqual(bytes);
		expect(performance.now() - startedAt).toBeGreaterThanOrEqual(990);
		const { message, advice } = await rejectionOf(answer('3600'));
		expect(message).toMatch(/wants to be asked again in/);
		expect(advice).toMatch(/^That is longer than this node waits/);
	});

	it('that fails for a passing reason is no matter of a login', async () => {
		const adviceFor = async (status: number) => {
			const server = await serve((_, response) => response.writeHead(status).end());
			return (await rejectionOf(get(server.url))).advice;
		};
		for (const status of [429, 500, 503]) expect(await adviceFor(status)).toMatch(/again later/);
		for (const status of [429, 500, 503]) expect(await adviceFor(status)).not.toMatch(/logged in/);
		expect(await adviceFor(403)).toMatch(/logged in/);
	});

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
		expect((await rejectionOf(get(server.url))).advice).toMatch(/smaller version/);
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
		const { advice } = await rejectionOf(get(`${server.url}/6`));
		expect(advice).toMatch(/without being logged in.*Binary Field\(s\)/);
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
			unusable(`${server.host} redirects to something that is not a web address`),
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
