import type { Fault } from '../../sandbox';
import { analyze, items, message, openGemma, type GemmaBench } from '../support/gemmaWorkflow';
import { photo } from '../support/pictures';
import { closedPort } from '../support/servers';
import { until } from '../support/until';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const CHAT = { path: '/v1/chat' };
const goOn = { onError: 'continueRegularOutput' as const };
const host = () => new URL(gemma.sandbox.baseUrl).host;
const ask = async (fault: Fault, options: Record<string, number | boolean> = {}) => {
	gemma.sandbox.fault({ match: CHAT, times: Infinity, ...fault });
	return await gemma.run(message('Hello', { options: { maxRetries: 0, ...options } }));
};

describe('the network', () => {
	it('names the host and the port when nobody answers there', async () => {
		const url = await closedPort();
		const credential = { baseUrl: `${url}/v1` };
		const parameters = message('Hello', { options: { maxRetries: 0 } });
		const { error } = await gemma.run(parameters, { credential });
		expect(error).toMatchObject({ name: 'NodeApiError', context: { itemIndex: 0 } });
		expect(error?.message).toBe(`Could not talk to ${new URL(url).host}: connection refused`);
		expect(error?.description).toContain('host.docker.internal');
		const run = await gemma.run(parameters, { credential, node: goOn });
		expect(run.json).toEqual([
			{ error: error?.message, description: error?.description, code: 'ECONNREFUSED' },
		]);
	});

	it('says that the connection was lost before the reply began', async () => {
		const { error } = await ask({ reset: 'before' });
		expect(error?.message).toMatch(
			new RegExp(`^Could not talk to ${host()}: (the connection was reset|the other side closed)`),
		);
		expect(error?.description).toMatch(/again/);
	});

	it.each<[what: string, fault: Fault]>([
		['is closed', { cutAfterBytes: 700 }],
		['is reset', { reset: 700 }],
	])('fails when the connection %s in the middle of the reply', async (_, fault) => {
		const { status, error } = await ask(fault);
		expect(status).toBe('error');
		expect(error?.message).toMatch(/the other side closed|was reset|broke off after \d+ char/);
		expect(error?.description).toMatch(/broke off|failed in the middle/);
	});

	it('fails when a stream ends well on the wire and in mid-sentence', async () => {
		const { error } = await ask({ body: 'data: {"choices":[{"delta":{"content":"Half"}}]}\n\n' });
		expect(error?.message).toMatch(/^The reply broke off after 4 characters/);
	});

	it('fails on a page that came in place of a completion', async () => {
		const { error } = await ask({ body: '<html><body><h1>Sign in to Wi-Fi</h1></body></html>' });
		expect(error?.message).toContain('Sign in to Wi-Fi');
		expect(error?.description).toContain('Base URL');
	});
});

describe('time', () => {
	it('that passes in silence in mid-reply ends the item at Idle Timeout', async () => {
		const began = Date.now();
		const { error } = await ask({ stallAfterBytes: 900 }, { idleTimeout: 0.3 });
		expect(Date.now() - began).toBeLessThan(3000);
		expect(error?.message).toMatch(/nothing for 0\.3 seconds.*\(option Idle Timeout\); \d+ char/);
		expect(error?.description).toContain('Idle Timeout');
	});

	it('that passes before the reply ends the item at Timeout, not at Idle Timeout', async () => {
		const began = Date.now();
		const { error } = await ask({ delayMs: 20_000 }, { timeout: 0.5, idleTimeout: 0.1 });
		expect(Date.now() - began).toBeLessThan(3000);
		expect(error?.message).toMatch(
			/within 0\.5 seconds \(option Timeout\); the server had not begun/,
		);
	});

	it('that passes while a reply trickles in ends the item at Timeout, too', async () => {
		const run = await ask({ dripBytes: 20, dripMs: 50 }, { timeout: 0.5 });
		expect(run.error?.message).toMatch(/within 0\.5 seconds \(option Timeout\); \d+ characters/);
		await until('the connection is closed', () => gemma.sandbox.openSockets === 0);
	});

	it('is told by its option’s name when the run goes on, and other items keep theirs', async () => {
		gemma.sandbox.fault({ match: { ...CHAT, nth: 2 }, delayMs: 20_000 });
		const options = { timeout: 0.5, maxRetries: 0, concurrency: 1 };
		const run = await gemma.run(message('={{ $json.text }}', { options }), {
			input: items({ text: 'a' }, { text: 'b' }, { text: 'c' }),
			node: goOn,
		});
		expect(run.json.map(({ code }) => code)).toEqual([undefined, 'timeout', undefined]);
		expect(run.json[2].text).toContain('"c"');
	});
});

describe('Stop in the editor', () => {
	it.each<[when: string, fault: Fault]>([
		['before the reply', { delayMs: 20_000 }],
		['in the middle of it', { stallAfterBytes: 900 }],
		['while it is pending', { pend: 1000 }],
		['in the middle of a refusal', { status: 400, body: 'So many words', stallAfterBytes: 5 }],
	])('%s closes the connection within a second, and asks no more', async (_, fault) => {
		gemma.sandbox.fault({ match: CHAT, ...fault });
		const controller = new AbortController();
		const running = gemma.run(message('Hello', { options: { concurrency: 1 } }), {
			input: items({}, {}, {}),
			signal: controller.signal,
		});
		await until('it was asked', () => gemma.chats().length === 1);
		await new Promise((resolve) => setTimeout(resolve, 50));
		controller.abort();
		const stopped = Date.now();
		const { status } = await running;
		await until('the connection is closed', () => gemma.sandbox.openSockets === 0, 1000);
		expect(Date.now() - stopped).toBeLessThan(1000);
		expect(status).toBe('canceled');
		expect(gemma.chats()).toHaveLength(1);
	});

	it('stops a node that continues on errors as well', async () => {
		gemma.sandbox.fault({ match: CHAT, stallAfterBytes: 900 });
		const controller = new AbortController();
		const running = gemma.run(message('Hello', { options: { concurrency: 1 } }), {
			input: items({}, {}, {}),
			signal: controller.signal,
			node: goOn,
		});
		await until('it was asked', () => gemma.chats().length === 1);
		controller.abort();
		expect((await running).status).toBe('canceled');
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('a credential that cannot work', () => {
	const credential = { apiKey: ' ' };

	it('stops the run before anything is sent', async () => {
		const { error } = await gemma.run(message('Hello'), { credential });
		expect(error?.message).toBe('The API Key of the Gemma API credential is empty');
		expect(error?.description).toContain('build.nvidia.com');
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('gives one error item for each item when the node continues', async () => {
		const run = await gemma.run(message('Hello'), { credential, input: items({}, {}), node: goOn });
		expect(run.status).toBe('success');
		const json = {
			error: 'The API Key of the Gemma API credential is empty',
			description: expect.stringContaining('build.nvidia.com') as string,
		};
		expect(run.items).toEqual([
			{ json, pairedItem: { item: 0 } },
			{ json, pairedItem: { item: 1 } },
		]);
		expect(gemma.sandbox.requests).toEqual([]);
	});
});

describe('n8n’s own Retry On Fail', () => {
	it('runs the node again, and the second run answers', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 500 });
		const run = await gemma.run(message('Hello', { options: { maxRetries: 0 } }), {
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(run.status).toBe('success');
		expect(run.json[0].text).toContain('"Hello"');
		expect(gemma.chats().map(({ status }) => status)).toEqual([500, 200]);
	});

	it('leaves no upload of the failed run behind', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 500 });
		const large = await photo({ width: 1600, height: 1200 });
		const options = { imageDetail: 'original', imageTransfer: 'asset', maxRetries: 0 };
		const run = await gemma.run(analyze({ options }), {
			input: [await gemma.item({ 'data.jpg': large })],
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(run.json[0].text).toContain('Picture 1');
		expect(gemma.log().filter((line) => line.startsWith('DELETE'))).toHaveLength(2);
		expect(gemma.sandbox.assets.size).toBe(0);
	});
});
