import type { INodeParameters } from 'n8n-workflow';

import { byId, items, message, openGemma, type GemmaBench } from '../support/gemmaWorkflow';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const CHAT = { path: '/v1/chat' };
const numbered = (count: number) =>
	items(...Array.from({ length: count }, (_, index) => ({ text: `item ${index}.` })));
const ask = (options: INodeParameters = {}, more: INodeParameters = {}) =>
	message('={{ $json.text }}', { options, ...more });
/** When each chat request came, in milliseconds after the first. */
const arrivals = () => gemma.chats().map(({ at }) => at - gemma.chats()[0].at);

describe('several items', () => {
	it('are asked at once and come out in input order, however their replies come', async () => {
		gemma.sandbox.fault({ match: CHAT, delayMs: 400 });
		const { json, items: out } = await gemma.run(ask(), { input: numbered(5) });
		expect(json.map(({ text }) => /item \d/.exec(String(text))?.[0])).toEqual(
			[0, 1, 2, 3, 4].map((index) => `item ${index}`),
		);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		expect(Math.max(...arrivals())).toBeLessThan(400);
	});

	it.each([
		[undefined, 8],
		[3, 3],
	])('are at most so many in flight, with concurrency %s: %d', async (concurrency, most) => {
		gemma.sandbox.settings.firstTokenMs = 500;
		await gemma.run(ask(concurrency ? { concurrency } : {}), { input: numbered(most + 1) });
		expect(arrivals()[most - 1]).toBeLessThan(450);
		expect(arrivals()[most]).toBeGreaterThanOrEqual(490);
	});

	it('start evenly when requests per minute are given', async () => {
		await gemma.run(ask({ requestsPerMinute: 300 }), { input: numbered(4) });
		const starts = arrivals();
		const gaps = starts.slice(1).map((at, index) => at - starts[index]);
		expect(Math.min(...gaps)).toBeGreaterThan(150);
		expect(starts[3]).toBeLessThan(1500);
	});

	it('have each their own time, without the wait for their turn', async () => {
		gemma.sandbox.settings.firstTokenMs = 400;
		const run = await gemma.run(ask({ concurrency: 1, timeout: 0.9 }), { input: numbered(4) });
		expect(run.error).toBeUndefined();
		expect(run.items).toHaveLength(4);
	});

	it('stop with the one that failed, and those in flight are given up', async () => {
		gemma.sandbox.fault({ match: CHAT, delayMs: 20_000 }, { match: CHAT, status: 400 });
		const began = Date.now();
		const { error } = await gemma.run(ask(), { input: numbered(2) });
		expect(Date.now() - began).toBeLessThan(3000);
		expect(error?.context.itemIndex).toBe(1);
		expect(error?.message).toMatch(/\(HTTP 400\).*0 of 2 items/);
	});

	it.each(['concurrency', 'requestsPerMinute', 'maxTokens'])(
		'do not fail with the first, when its expression for %s does',
		async (name) => {
			const value = '={{ $itemIndex === 0 ? $("Nowhere").first().json.count : 600 }}';
			const run = await gemma.run(ask({ [name]: value }), {
				input: numbered(3),
				node: { onError: 'continueRegularOutput' },
			});
			expect(run.status).toBe('success');
			expect(run.json[0].error).toBe("Referenced node doesn't exist");
			expect(run.json.slice(1).map(({ error }) => error)).toEqual([undefined, undefined]);
			expect(run.json.slice(1).every(({ text }) => String(text).includes('item'))).toBe(true);
			expect(gemma.chats()).toHaveLength(2);
		},
	);

	it('start no more once one has failed', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 400, times: Infinity });
		await gemma.run(ask({ concurrency: 1 }), { input: numbered(5) });
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('a failure that may pass', () => {
	it.each([
		['500', { status: 500, rawBody: '' }],
		['429', { status: 429, headers: { 'Retry-After': '0.1' } }],
		['a lost connection', { reset: 'before' as const }],
		['half a reply', { cutAfterBytes: 700 }],
	])('is asked again by the node itself: %s', async (_, fault) => {
		gemma.sandbox.fault({ match: CHAT, ...fault });
		const run = await gemma.run(ask(), { input: numbered(1) });
		expect(run.error).toBeUndefined();
		expect(run.json[0].text).toContain('item 0');
		expect(gemma.chats()).toHaveLength(2);
		expect(gemma.bodies()[1]).toEqual(gemma.bodies()[0]);
	});

	it('waits as long as the server says', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 503, headers: { 'Retry-After': '1' } });
		const run = await gemma.run(ask(), { input: numbered(1) });
		expect(run.status).toBe('success');
		expect(arrivals()[1]).toBeGreaterThanOrEqual(950);
	});

	it.each(['0', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
		'waits by itself where the server says %s, which is no wait',
		async (after) => {
			const headers = { 'Retry-After': after };
			gemma.sandbox.fault({ match: CHAT, status: 503, times: 2, headers });
			const run = await gemma.run(ask(), { input: numbered(1) });
			expect(run.status).toBe('success');
			// Half of the backoff at least: of 0.5 seconds, and then of one.
			expect(arrivals().at(-1)).toBeGreaterThanOrEqual(700);
		},
	);

	it('fails after so many tries as Max Retries allows, with the last words', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 500, body: 'Worker died', times: Infinity });
		const { error } = await gemma.run(ask({ maxRetries: 1 }), { input: numbered(1) });
		expect(error?.message).toMatch(/^Worker died \(HTTP 500\)/);
		expect(gemma.chats()).toHaveLength(2);
	});

	it('is not waited for beyond the item’s own time', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 503, headers: { 'Retry-After': '60' }, times: 9 });
		const began = Date.now();
		const { error } = await gemma.run(ask({ timeout: 2 }), { input: numbered(1) });
		expect(Date.now() - began).toBeLessThan(2500);
		expect(error?.message).toMatch(/\(HTTP 503\)/);
		expect(gemma.chats()).toHaveLength(1);
	});

	it.each([400, 401, 402, 403, 404, 410, 422])('is not HTTP %d', async (status) => {
		gemma.sandbox.fault({ match: CHAT, status, body: 'No', times: Infinity });
		await gemma.run(ask(), { input: numbered(1) });
		expect(gemma.chats()).toHaveLength(1);
	});

	it('slows the run down and loses no item under a limit of the account', async () => {
		gemma.sandbox.fault({ match: { ...CHAT, nth: 2 }, status: 429, times: 3 });
		const run = await gemma.run(ask({ concurrency: 4 }), { input: numbered(6) });
		expect(run.error).toBeUndefined();
		expect(run.json.every(({ text }, index) => String(text).includes(`item ${index}.`))).toBe(true);
		expect(run.json).toHaveLength(6);
	}, 60_000);
});

describe('a fallback model', () => {
	const retired = byId('google/gemma-retired-it');

	it('answers in place of one that is gone, and later items go to it at once', async () => {
		const options = { fallbackModel: 'google/gemma-3-4b-it', concurrency: 1 };
		const run = await gemma.run(ask(options, retired), { input: numbered(2) });
		expect(run.json.map(({ model }) => model)).toEqual([
			'google/gemma-3-4b-it',
			'google/gemma-3-4b-it',
		]);
		expect(gemma.chats().map(({ status }) => status)).toEqual([410, 200, 200]);
		expect(run.hints).toEqual([expect.stringContaining('google/gemma-retired-it')]);
	});

	it('is asked once: when it is gone too, that is the failure', async () => {
		const options = { fallbackModel: 'google/gemma-not-granted-it' };
		const { error } = await gemma.run(ask(options, retired), { input: numbered(1) });
		expect(error?.message).toMatch(/Not found for account .* \(HTTP 404\)/);
		expect(gemma.chats()).toHaveLength(2);
	});

	it('that did not answer is not said to have', async () => {
		const options = { fallbackModel: 'google/gemma-not-granted-it' };
		const node = { onError: 'continueRegularOutput' as const };
		const { json, hints } = await gemma.run(ask(options, retired), { input: numbered(1), node });
		expect(json[0]).toMatchObject({ status: 404 });
		expect(hints).toEqual([]);
	});

	it('is not asked for any other failure', async () => {
		gemma.sandbox.fault({ match: CHAT, status: 403, body: 'No' });
		const options = { fallbackModel: 'google/gemma-3-4b-it' };
		const { error } = await gemma.run(ask(options), { input: numbered(1) });
		expect(error?.message).toBe('No (HTTP 403)');
		expect(gemma.chats()).toHaveLength(1);
	});
});
