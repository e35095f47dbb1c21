import type { INodeParameters } from 'n8n-workflow';

import {
	analyze,
	byId,
	items,
	message,
	openGemma,
	type GemmaBench,
} from '../support/gemmaWorkflow';
import { photo, solid } from '../support/pictures';
import { until } from '../support/until';

let gemma: GemmaBench;
let large: Buffer[];
beforeAll(async () => {
	gemma = await openGemma({ engine: { binaryMode: 'filesystem' } });
	large = await Promise.all(
		[1, 2, 3, 4].map(async (seed) => await photo({ width: 1200, height: 900, seed })),
	);
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const CHAT = { path: '/v1/chat' };
const ask = (options: INodeParameters = {}, more: INodeParameters = {}) =>
	message('={{ $json.text }}', { options, ...more });
const statuses = () => gemma.chats().map(({ status }) => status);
const pictured = async (pictures: Buffer[]) =>
	await Promise.all(pictures.map(async (bytes) => await gemma.item({ 'data.jpg': bytes })));

describe('two items that learn the same thing at the same time', () => {
	const input = items({ text: 'a' }, { text: 'b' }, { text: 'c' });
	/** Both are on their way before either is refused. */
	const together = () => gemma.sandbox.fault({ match: CHAT, delayMs: 300, times: 2 });
	const options = { concurrency: 2, maxRetries: 0 };

	it('both succeed without stream_options', async () => {
		gemma.sandbox.settings.extras = { stream_options: 400 };
		together();
		const run = await gemma.run(ask(options), { input });
		expect(run.error).toBeUndefined();
		expect(run.json).toHaveLength(3);
		expect(statuses()).toEqual([400, 400, 200, 200, 200]);
	});

	it('both succeed without the system role', async () => {
		together();
		const values = [
			{ role: 'system', content: 'Be brief' },
			{ role: 'user', content: '={{ $json.text }}' },
		];
		const parameters = { messages: { values }, ...byId('google/gemma-2-9b-it'), options };
		const run = await gemma.run(parameters, { input });
		expect(run.error).toBeUndefined();
		expect(statuses()).toEqual([400, 400, 200, 200, 200]);
	});

	it('both have their pictures seen where assets are not looked at', async () => {
		gemma.sandbox.settings.ignoresAssets = true;
		together();
		const both = analyze({ options: { ...options, imageDetail: 'original' } });
		const run = await gemma.run(both, { input: await pictured(large.slice(0, 3)) });
		expect(run.error).toBeUndefined();
		expect(run.json.every(({ text }) => String(text).includes('Picture 1'))).toBe(true);
		expect(run.hints).toEqual([]);
		expect(gemma.chats()).toHaveLength(5);
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it('both succeed where the asset API is down', async () => {
		gemma.sandbox.fault({
			match: { path: '/v2/nvcf/assets' },
			status: 500,
			delayMs: 200,
			times: 9,
		});
		const both = analyze({ options: { ...options, imageDetail: 'original' } });
		const run = await gemma.run(both, { input: await pictured(large.slice(0, 2)) });
		expect(run.error).toBeUndefined();
		expect(run.json.every(({ text }) => String(text).includes('Picture 1'))).toBe(true);
	});
});

it('pictures are read when their turn comes, not all at the beginning', async () => {
	const { BinaryDataService } = await import('n8n-core');
	const red = await solid('png', 8, 8, 'red');
	const input = await pictured(Array.from({ length: 30 }, () => red));
	gemma.sandbox.settings.firstTokenMs = 10;
	let reads = 0;
	const ahead: number[] = [];
	const original = BinaryDataService.prototype.getAsBuffer;
	const spy = jest
		.spyOn(BinaryDataService.prototype, 'getAsBuffer')
		.mockImplementation(async function (this: InstanceType<typeof BinaryDataService>, data) {
			ahead.push(++reads - gemma.chats().length);
			return await original.call(this, data);
		});
	const run = await gemma.run(analyze({ options: { concurrency: 2 } }), { input });
	spy.mockRestore();
	expect(run.json).toHaveLength(30);
	expect(reads).toBe(30);
	expect(Math.max(...ahead)).toBeLessThanOrEqual(3);
});

describe('a model that is gone', () => {
	const input = items({ text: 'a' }, { text: 'b' }, { text: 'c' }, { text: 'd' });

	it.each([
		['retired', 'google/gemma-retired-it'],
		['not granted', 'google/gemma-not-granted-it'],
		['unknown', 'google/gemma-99-it'],
	])('%s: the fallback answers all, with one hint', async (_, model) => {
		const options = { fallbackModel: 'google/gemma-3-4b-it', concurrency: 2 };
		const run = await gemma.run(ask(options, byId(model)), { input });
		expect(run.error).toBeUndefined();
		expect(run.json.map((json) => json.model)).toEqual(Array(4).fill('google/gemma-3-4b-it'));
		expect(run.hints).toHaveLength(1);
		expect(run.hints[0]).toContain(model);
		const refused = statuses().filter((status) => status !== 200);
		expect(refused.length).toBeLessThanOrEqual(2);
	});

	it('without a fallback: the error lists the Gemmas that the server has', async () => {
		const { error } = await gemma.run(ask({}, byId('google/gemma-retired-it')), { input });
		expect(error?.message).toMatch(/end of life.*\(HTTP 410\)/);
		expect(error?.description).toMatch(/offers: .*google\/gemma-3-4b-it, /);
		expect(error?.description).not.toMatch(/llama|mistral/);
	});

	it('without a fallback: the list is asked for once a run, and may be missing', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/models' }, status: 500, times: 9 });
		const run = await gemma.run(ask({}, byId('google/gemma-retired-it')), {
			input,
			node: { onError: 'continueRegularOutput' },
		});
		expect(run.json.map((json) => json.status)).toEqual([410, 410, 410, 410]);
		expect(run.json[0].description).toMatch(/^Pick another model/);
		expect(gemma.log().filter((line) => line.includes('/v1/models'))).toHaveLength(1);
	});
});

describe('a slow reply', () => {
	it('passes however long it takes, as long as no silence is too long', async () => {
		gemma.sandbox.fault({ match: CHAT, dripBytes: 40, dripMs: 50 });
		const began = Date.now();
		const run = await gemma.run(ask({ idleTimeout: 0.8, maxRetries: 0 }), {
			input: items({ text: 'slowly' }),
		});
		expect(Date.now() - began).toBeGreaterThan(800);
		expect(run.error).toBeUndefined();
		expect(run.json[0].text).toContain('"slowly"');
	});

	it.each([
		['idleTimeout', { idleTimeout: 0.3 }, /option Idle Timeout\); \d+ char/, /raise Idle Timeout/],
		['timeout', { timeout: 0.6 }, /option Timeout\); \d+ char/, /Raise Timeout/],
	])('ends by %s, is not asked again, and says how far it came', async (_, limit, says, advice) => {
		gemma.sandbox.fault({ match: CHAT, stallAfterBytes: 900, times: 9 });
		const { error } = await gemma.run(ask(limit), { input: items({ text: 'a' }) });
		expect(error?.message).toMatch(says);
		expect(error?.message).not.toMatch(/; 0 char/);
		expect(error?.description).toMatch(advice);
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('Stop in the midst of uploads', () => {
	it('deletes what was uploaded, leaves no connection, and asks for nothing more', async () => {
		gemma.sandbox.fault(
			{ match: CHAT, delayMs: 20_000, times: 9 },
			{ match: { method: 'PUT', nth: 2 }, delayMs: 20_000, times: 9 },
		);
		const controller = new AbortController();
		const options = { imageDetail: 'original', imageTransfer: 'asset', concurrency: 3 };
		const running = gemma.run(analyze({ options }), {
			input: await pictured([...large, large[0]]),
			signal: controller.signal,
		});
		const count = (method: string) => gemma.log().filter((line) => line.startsWith(method)).length;
		await until(
			'one is up, two are under way',
			() => count('PUT') === 3 && gemma.chats().length === 1,
			10_000,
		);
		controller.abort();
		const before = gemma.log().length;
		expect((await running).status).toBe('canceled');
		await until('all is closed', () => gemma.sandbox.openSockets === 0, 1500);
		expect(gemma.sandbox.assets.size).toBe(0);
		const after = gemma.log().slice(before);
		expect(after.filter((line) => !line.startsWith('DELETE'))).toEqual([]);
	});
});
