import { complete } from '../../nodes/Gemma/transport/chat';
import { download } from '../../nodes/Gemma/transport/download';
import { authority, trusted } from '../support/certificates';
import { openProxy } from '../support/connectProxy';
import { wholeCompletion } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { openServer, partsOf, question, useTransport } from '../support/transport';

const { keep, limit, network } = useTransport();

const VARIABLES = [
	'HTTP_PROXY',
	'HTTPS_PROXY',
	'NO_PROXY',
	'http_proxy',
	'https_proxy',
	'no_proxy',
];

describe('with proxies named in the environment', () => {
	const before = VARIABLES.map((name) => [name, process.env[name]] as const);
	beforeEach(() => VARIABLES.forEach((name) => delete process.env[name]));
	afterEach(() => {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	});

	const serve = async (tls?: { cert: string; key: string }) =>
		await keep(
			openHttp((_, response) => response.end(JSON.stringify(wholeCompletion('Hello'))), tls),
		);

	async function ask(url: string, trust: Parameters<typeof network>[0] = {}): Promise<unknown> {
		const options = { assetIds: [], maxRetries: 0, limit: limit() };
		const { choices } = await complete(await network(trust), openServer(url), question, options);
		return choices[0].message.content;
	}

	it('a call over http:// goes through HTTP_PROXY', async () => {
		const [server, proxy] = [await serve(), await keep(openProxy())];
		process.env.HTTP_PROXY = proxy.url;
		expect(await ask(`${server.url}/v1`)).toBe('Hello');
		expect(proxy.asked).toHaveLength(1);
		expect(proxy.asked[0]).toContain(server.host);
	});

	it.each(['HTTPS_PROXY', 'https_proxy'])('a call over https:// goes through %s', async (name) => {
		const [server, proxy] = [await serve(trusted), await keep(openProxy())];
		process.env[name] = proxy.url;
		expect(await ask(server.url, { caCertificate: authority })).toBe('Hello');
		expect(proxy.asked).toEqual([`CONNECT ${server.host}`]);
	});

	it('the proxy never sees the key of a call over https://', async () => {
		const [server, proxy] = [await serve(trusted), await keep(openProxy())];
		process.env.HTTPS_PROXY = proxy.url;
		await ask(server.url, { caCertificate: authority });
		expect(JSON.stringify(proxy.headers)).not.toMatch(/authorization/i);
	});

	it('a private certificate is refused through a proxy as it is without', async () => {
		const [server, proxy] = [await serve(trusted), await keep(openProxy())];
		process.env.HTTPS_PROXY = proxy.url;
		const failure = await rejectionOf(ask(server.url));
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'network', host: server.host },
			transient: false,
		});
		expect(failure.message).toMatch(/certificate/);
		expect(await ask(server.url, { allowUnauthorizedCerts: true })).toBe('Hello');
	});

	it('NO_PROXY takes a host out', async () => {
		const [server, proxy] = [await serve(), await keep(openProxy())];
		Object.assign(process.env, { HTTP_PROXY: proxy.url, NO_PROXY: 'a.example,127.0.0.1' });
		expect(await ask(server.url)).toBe('Hello');
		expect(proxy.asked).toEqual([]);
	});

	it('connections through the proxy are used again', async () => {
		const [server, proxy] = [await serve(trusted), await keep(openProxy())];
		process.env.HTTPS_PROXY = proxy.url;
		const run = await network({ caCertificate: authority });
		for (let call = 0; call < 20; call++) {
			const options = { assetIds: [], maxRetries: 0, limit: limit() };
			await complete(run, openServer(server.url), question, options);
		}
		// The first call also opens the way to the proxy, which a second one may overtake.
		expect(proxy.asked.length).toBeLessThanOrEqual(2);
		expect(server.connections).toBeLessThanOrEqual(2);
	});

	it('a download goes through the proxy, and its login is sent along', async () => {
		const picture = await keep(openHttp((_, response) => response.end('picture')));
		const proxy = await keep(openProxy());
		process.env.HTTP_PROXY = proxy.url.replace('//', '//user:word@');
		const bytes = await download(await network(), `${picture.url}/a.png`, limit());
		expect(bytes.toString()).toBe('picture');
		expect(proxy.headers[0]['proxy-authorization']).toBe(`Basic ${btoa('user:word')}`);
	});

	it('a proxy that is down is a failure of the network that is worth another try', async () => {
		const [server, proxy] = [await serve(), await openProxy()];
		await proxy.close();
		process.env.HTTP_PROXY = proxy.url;
		const { facts, transient } = partsOf(await rejectionOf(ask(server.url)));
		expect(facts).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
		expect(transient).toBe(true);
	});

	it.each(['proxy.example:3128', 'http://[', 'ftp://user:word@a.example'])(
		'an address that is no proxy’s (%s) is an error that names the variable',
		async (address) => {
			for (const name of ['HTTP_PROXY', 'https_proxy']) {
				process.env[name] = address;
				const failure = await rejectionOf(network());
				expect(partsOf(failure).facts).toEqual({ kind: 'input', field: name });
				expect(failure.message).toContain(name);
				expect(failure.message).not.toContain('word');
				delete process.env[name];
			}
		},
	);
});
