import { startSandbox, type Sandbox } from '../../sandbox';
import { complete } from '../../nodes/Gemma/transport/chat';
import type { TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { selfSigned } from '../support/certificates';
import { content, events, stop } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import {
	nvidia,
	openServer,
	partsOf,
	question,
	sandboxConnection,
	useTransport,
} from '../support/transport';

const { keep, network, limit } = useTransport();

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await keep(startSandbox());
});

async function ask(stream = true, over: { maxRetries?: number; limit?: TimeLimit } = {}) {
	const options = { assetIds: [], maxRetries: 0, limit: limit(), ...over };
	const connection = sandboxConnection(sandbox);
	return await complete(await network(), connection, { ...question, stream }, options);
}

const polls = () => sandbox.requests.filter(({ path }) => path.includes('/pexec/status/'));
const chats = () => sandbox.requests.filter(({ method }) => method === 'POST');

describe('a reply that is put off', () => {
	it.each([
		['a stream', true, 1],
		['JSON', false, 0],
	])(
		'is polled for with the key, at most once a second, until it comes as %s',
		async (_, stream, pend) => {
			sandbox.fault({ pend });
			const startedAt = Date.now();
			const { choices } = await ask(stream);
			expect(choices[0].message.content).toContain('Hello');
			expect(chats()).toHaveLength(1);
			expect(polls()).toHaveLength(pend + 1);
			const times = [startedAt, ...polls().map(({ at }) => at)];
			for (const [index, time] of times.slice(1).entries()) {
				expect(time - times[index]).toBeGreaterThanOrEqual(990);
			}
			for (const { headers } of polls()) {
				expect(headers.authorization).toBe(`Bearer ${sandbox.apiKey}`);
			}
		},
	);

	it('and lies on a storage host is fetched from there without the key', async () => {
		sandbox.fault({ pend: 0, result302: true });
		const { choices } = await ask();
		expect(choices[0].message.content).toContain('Hello');
		const stored = sandbox.requests.filter(({ host }) => host === 'storage');
		expect(stored).toHaveLength(1);
		expect(JSON.stringify(stored[0].headers)).not.toContain(sandbox.apiKey);
		expect(stored[0].headers).not.toHaveProperty('authorization');
	});

	it('without the id to ask after is lost', async () => {
		sandbox.fault({ status: 202 });
		expect(partsOf(await rejectionOf(ask()))).toEqual({
			facts: { kind: 'brokenReply', status: 202 },
			message:
				'The server accepted the request for later (HTTP 202), but gave no ID to fetch the result with',
			transient: true,
		});
	});

	it('by a server that is not NVIDIA’s is lost', async () => {
		const server = await keep(
			openHttp((_, response) => response.writeHead(202, { 'NVCF-REQID': 'x' }).end()),
		);
		const options = { assetIds: [], maxRetries: 0, limit: limit() };
		const failure = await rejectionOf(
			complete(await network(), openServer(server.url), question, options),
		);
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'brokenReply', status: 202 },
			message: expect.stringMatching(
				/^The server accepted .* but only NVIDIA's API tells where the result will be$/,
			),
		});
	});

	it('and unknown when it is asked after is a refusal', async () => {
		sandbox.fault({ status: 202, headers: { 'NVCF-REQID': 'gone' } });
		expect(partsOf(await rejectionOf(ask()))).toMatchObject({
			facts: { kind: 'refused', status: 404 },
			message: expect.stringContaining("Request 'gone': Not found"),
		});
	});

	it('is not lost by one failed poll, and the request is not sent again', async () => {
		sandbox.fault({ match: { method: 'GET' }, reset: 'before' }, { pend: 0 });
		const { choices } = await ask(true, { maxRetries: 1 });
		expect(choices[0].message.content).toContain('Hello');
		expect(chats()).toHaveLength(1);
		expect(polls()).toHaveLength(2);
	});

	it('is given up after as many failed polls as may be', async () => {
		sandbox.fault({ match: { method: 'GET' }, status: 503, times: 9 }, { pend: 0 });
		const { facts, message } = await rejectionOf(ask(true, { maxRetries: 1 }));
		expect(facts).toMatchObject({ kind: 'refused', cause: 'busy', status: 503 });
		expect(message).toMatch(/tried 2 times/);
		expect(polls()).toHaveLength(2);
	});
});

describe('while a reply is put off', () => {
	it('stopping the execution ends it at once', async () => {
		sandbox.fault({ pend: 100 });
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 300);
		const startedAt = performance.now();
		const failure = await rejectionOf(ask(true, { limit: limit({}, controller.signal) }));
		expect(failure.facts).toEqual({ kind: 'cancelled' });
		expect(performance.now() - startedAt).toBeLessThan(1000);
		expect(polls()).toHaveLength(0);
	});

	it('the time limit counts, and says what was waited for', async () => {
		sandbox.fault({ pend: 100 });
		const failure = await rejectionOf(ask(true, { limit: limit({ timeout: 1.3 }) }));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'timeLimit', limit: 'timeout', seconds: 1.3 },
			message:
				'Not finished within 1.3 seconds (option Timeout); the request was still pending on the server',
			transient: true,
		});
		expect(polls()).toHaveLength(1);
	});
});

describe('a result on a storage host', () => {
	const signature = 'f00d'.repeat(6);

	/** NVIDIA's API and a storage host in one, which refuses and tells what it was asked. */
	async function stored(
		location: (origin: string) => string | undefined,
		trust: Parameters<typeof network>[0] = {},
	) {
		const asked: Array<{ url?: string; authorization?: string }> = [];
		const server = await keep(
			openHttp((request, response) => {
				const { url = '', headers } = request;
				asked.push({ url, authorization: headers.authorization });
				const to = location(`http://${headers.host}`);
				if (request.method === 'POST') response.writeHead(202, { 'NVCF-REQID': 'a/b' }).end();
				else if (url.includes('/status/'))
					response.writeHead(302, to ? { location: to } : {}).end();
				else if (url.startsWith('/good')) response.end(events(content('Stored'), stop));
				else response.writeHead(403).end(`<Error><Message>No: ${url}</Message></Error>`);
			}),
		);
		const connection = nvidia(server.url);
		const options = { assetIds: [], maxRetries: 0, limit: limit() };
		const reply = complete(await network(trust), connection, question, options);
		return { reply, asked, connection };
	}

	it('by a relative address is fetched without the key', async () => {
		const { reply, asked } = await stored(() => '/good?signature=x');
		expect((await reply).choices[0].message.content).toBe('Stored');
		expect(asked.map(({ url }) => url)).toEqual([
			'/chat/completions',
			'/pexec/status/a%2Fb',
			'/good?signature=x',
		]);
		expect(asked[1].authorization).toMatch(/^Bearer /);
		expect(asked[2].authorization).toBeUndefined();
	});

	it('that it refuses is a failure which does not show the signed address', async () => {
		const { reply, connection } = await stored((origin) => `${origin}/bad?signature=${signature}`);
		const failure = await rejectionOf(reply);
		expect(failure.facts).toMatchObject({ kind: 'refused', status: 403 });
		expect(connection.redactor.text(failure.message)).toBe(
			'No: /bad?signature=[hidden] (HTTP 403)',
		);
	});

	it('is not trusted by what the credential trusts', async () => {
		const storage = await keep(openHttp((_, response) => response.end(), selfSigned));
		const { reply } = await stored(() => storage.url, { allowUnauthorizedCerts: true });
		expect((await rejectionOf(reply)).message).toMatch(/certificate is self-signed/);
	});

	it('without an address of the web is lost', async () => {
		const locations = [undefined, 'http://[', 'file:///etc/hostname'];
		const failures = locations.map(
			async (location) => await rejectionOf((await stored(() => location)).reply),
		);
		for (const failure of await Promise.all(failures)) {
			expect(partsOf(failure)).toMatchObject({
				facts: { kind: 'brokenReply', status: 202 },
				message: expect.stringMatching(/where its result lies/),
			});
		}
	});
});
