import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { send } from '../../nodes/Gemma/transport/exchange';
import type { EgressFilter } from '../../nodes/Gemma/transport/network';
import { openProxy } from '../support/connectProxy';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

/** n8n's own error has no code, only this name. */
class Blocked extends Error {
	override readonly name = 'SsrfBlockedIpError';
}

/** A filter in n8n's manner: by address of the URL, and by what a name resolves to. */
function filter(blocked: { hosts?: string[]; lookups?: string[] } = {}) {
	const asked: string[] = [];
	const secureLookup: LookupFunction = (hostname, options, callback) => {
		asked.push(`lookup ${hostname}`);
		if (blocked.lookups?.includes(hostname)) callback(new Blocked('blocked'), '', 0);
		else lookup(hostname, options, callback);
	};
	const egress: EgressFilter = {
		validateUrl: async (url) => {
			asked.push(`url ${String(url)}`);
			const isBlocked = blocked.hosts?.includes(new URL(url).host);
			return isBlocked ? { ok: false, error: new Blocked('blocked') } : { ok: true };
		},
		createSecureLookup: () => secureLookup,
	};
	return { egress, asked };
}

const serve = async () => {
	const requests: string[] = [];
	const server = await keep(
		openHttp((request, response) => {
			requests.push(String(request.url));
			response.end('hello');
		}),
	);
	return Object.assign(server, { requests });
};

const get = async (url: string, egress: EgressFilter, as: 'own' | 'foreign' = 'own') => {
	const run = await network({}, egress);
	const reply = await send(run, { method: 'GET', url, headers: {}, as }, limit());
	reply.release();
	return reply.status;
};

describe('n8n’s egress filter', () => {
	it('lets through what it allows', async () => {
		const server = await serve();
		const { egress, asked } = filter();
		expect(await get(`${server.url}/x`, egress)).toBe(200);
		expect(asked).toEqual([`url ${server.url}/x`]);
	});

	it.each(['own', 'foreign'] as const)('blocks an address: %s', async (as) => {
		const server = await serve();
		const { egress } = filter({ hosts: [server.host] });
		const failure = await rejectionOf(get(`${server.url}/secret`, egress, as));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'network', code: 'BLOCKED', host: server.host },
			message: `n8n's protection against server-side request forgery does not allow requests to ${server.host}`,
			transient: false,
		});
		expect(failure.advice).toMatch(/administrator/);
		expect(server.connections).toBe(0);
	});

	it.each(['own', 'foreign'] as const)('blocks what a name resolves to: %s', async (as) => {
		const server = await serve();
		const { egress, asked } = filter({ lookups: ['localhost'] });
		const url = server.url.replace('127.0.0.1', 'localhost');
		const failure = await rejectionOf(get(url, egress, as));
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'network', code: 'BLOCKED', host: new URL(url).host },
			transient: false,
		});
		expect(failure.message).toMatch(/server-side request forgery/);
		expect(asked).toContain('lookup localhost');
		expect(server.connections).toBe(0);
	});

	it('looks names up itself where it allows them', async () => {
		const server = await serve();
		const { egress, asked } = filter();
		expect(await get(server.url.replace('127.0.0.1', 'localhost'), egress)).toBe(200);
		expect(asked).toContain('lookup localhost');
	});

	it('that fails is a failure, and nothing is sent', async () => {
		const server = await serve();
		const egress = { ...filter().egress, validateUrl: () => Promise.reject(new Error('broken')) };
		await rejectionOf(get(server.url, egress));
		expect(server.connections).toBe(0);
	});
});

describe('behind a proxy', () => {
	const variables = ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];
	const before = variables.map((name) => [name, process.env[name]] as const);
	beforeEach(() => variables.forEach((name) => delete process.env[name]));
	afterEach(() => {
		for (const [name, value] of before) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	});

	it('the filter still checks the address', async () => {
		const [server, proxy] = [await serve(), await keep(openProxy())];
		process.env.HTTP_PROXY = proxy.url;
		const { egress } = filter({ hosts: [server.host] });
		expect(partsOf(await rejectionOf(get(server.url, egress))).facts).toMatchObject({
			code: 'BLOCKED',
		});
		expect(proxy.asked).toEqual([]);
		expect(await get(server.url, filter().egress)).toBe(200);
	});

	it('the proxy itself, the administrator’s choice, is not put through the filter', async () => {
		const [server, proxy] = [await serve(), await keep(openProxy())];
		process.env.HTTP_PROXY = proxy.url.replace('127.0.0.1', 'localhost');
		const { egress } = filter({ lookups: ['localhost'] });
		expect(await get(server.url, egress)).toBe(200);
		expect(proxy.connections).toBe(1);
	});
});
