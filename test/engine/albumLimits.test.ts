import type { INodeParameters } from 'n8n-workflow';

import { analyze, openGemma, type GemmaBench } from '../support/gemmaWorkflow';
import { wholeCompletion } from '../support/events';
import { photo, solid } from '../support/pictures';

let gemma: GemmaBench;
let large: Buffer[];
beforeAll(async () => {
	gemma = await openGemma({ sandbox: { keepBodies: true } });
	const sizes = { width: 1200, height: 1000 };
	large = await Promise.all([1, 2, 3].map(async (seed) => await photo({ ...sizes, seed })));
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const about = (more: INodeParameters = {}) => analyze({ scope: 'all', ...more });
const photos = async (count: number) =>
	await Promise.all(
		Array.from({ length: count }, async (_, i) => await gemma.item({ 'data.jpg': large[i % 3] })),
	);

describe('an album above the limit for inline pictures', () => {
	it('goes as assets, numbered, as long as a request can name them', async () => {
		const run = await gemma.run(about(), { input: await photos(3) });
		expect(run.error).toBeUndefined();
		const [{ headers }] = gemma.chats();
		expect(String(headers['nvcf-input-asset-references']).split(',')).toHaveLength(3);
		const content = String(gemma.bodies()[0].messages[0].content);
		expect(content).toMatch(/^Picture 1 of 3:\n<img [^>]*>\nPicture 2 of 3:\n<img/);
		expect(run.totals[0]).toMatch(/^3 items: 1 request, .*, 3 pictures by asset \(\d+ kB\), /);
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it('is refused with the numbers where they are more', async () => {
		const run = await gemma.run(about(), { input: await photos(11) });
		expect(run.error?.message).toMatch(
			/^The 11 pictures make \d+ characters in one request; NVIDIA takes 180000 inline, or 10 pictures as assets/,
		);
		expect(gemma.log()).toEqual([]);
		expect(run.totals).toEqual([]);
	}, 60_000);

	it('goes inline where the asset API is down, and the server decides', async () => {
		gemma.sandbox.fault({ match: { path: '/v2/nvcf/assets' }, status: 404, times: Infinity });
		const run = await gemma.run(about({ options: { maxRetries: 0 } }), { input: await photos(3) });
		expect(run.error).toBeUndefined();
		expect(run.json[0].text).toContain('Picture 3');
		expect(run.totals[0]).toMatch(/3 pictures inline/);
		expect(run.totals[0]).not.toMatch(/by asset/);
	});
});

describe('what an album cannot be', () => {
	it('more than the context holds is refused before the pictures are read', async () => {
		const broken = await gemma.item({ 'data.jpg': Buffer.from('no picture at all') });
		const input = Array(6).fill(broken);
		const run = await gemma.run(about({ options: { contextTokens: 1500 } }), { input });
		expect(run.error?.message).toMatch(/take 1536 tokens \(256 each\).* room for 988/);
	});

	it('of exactly as many as fit, it is asked about', async () => {
		const item = await gemma.item({ 'data.png': await solid('png', 20, 20, '#ff0000') });
		const options = { contextTokens: 512 + 4 * 256 };
		const asked = await gemma.run(about({ options }), { input: Array(4).fill(item) });
		expect(asked.error).toBeUndefined();
		const refused = await gemma.run(about({ options }), { input: Array(5).fill(item) });
		expect(refused.error?.message).toContain('1280 tokens');
	});

	it('a scope that does not exist is told by name', async () => {
		const run = await gemma.run(about({ scope: '={{ "both" }}' }), { input: await photos(1) });
		expect(run.error?.message).toBe('Scope holds "both"');
		expect(gemma.log()).toEqual([]);
	});
});

it('hints of an album name no item', async () => {
	const item = await gemma.item({ 'data.png': await solid('png', 20, 20, '#ff0000') });
	const run = await gemma.run(about({ options: { maxTokens: 5 } }), { input: [item, item] });
	expect(run.hints).toEqual([expect.stringMatching(/^The reply was cut off/)]);
});

it('under the error output the one failed item goes to its branch', async () => {
	const item = await gemma.item({ 'data.png': await solid('png', 20, 20, '#ff0000') });
	const node = { onError: 'continueErrorOutput' } as const;
	const run = await gemma.run(about(), { input: [item, { json: {} }], node });
	expect(run.items).toEqual([]);
	expect(run.failed).toHaveLength(1);
	expect(run.failed[0].json.error).toMatch(/^Item 1: The item has no binary field/);
});

it('the total counts what a reply that had to be mended has cost, too', async () => {
	const item = await gemma.item({ 'data.png': await solid('png', 20, 20, '#ff0000') });
	const reply = (text: string, tokens: number) => {
		const usage = { prompt_tokens: tokens, completion_tokens: 5, total_tokens: tokens + 5 };
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, body: wholeCompletion(text, { usage }) });
	};
	reply('No data, sorry', 300);
	reply('{"a": 1}', 350);
	reply('{"a": 2}', 300);
	const parameters = analyze({ outputFormat: 'json', options: { concurrency: 1 } });
	const run = await gemma.run(parameters, { input: [item, item] });
	const used = run.json.map(({ usage }) => (usage as Record<string, number>).promptTokens);
	expect(used).toEqual([650, 300]);
	expect(run.totals[0]).toMatch(/^2 items: 3 requests, 950 prompt and 15 completion tokens, 3 pic/);
});

it('the total is told where the run goes on after failures, too', async () => {
	const item = await gemma.item({ 'data.png': await solid('png', 20, 20, '#ff0000') });
	gemma.sandbox.fault({ match: { path: '/v1/chat' }, status: 410, body: { detail: 'Gone.' } });
	const node = { onError: 'continueRegularOutput' } as const;
	const run = await gemma.run(about(), { input: [item, item], node });
	expect(run.json[0]).toMatchObject({ error: 'Gone. (HTTP 410)', status: 410 });
	expect(run.totals[0]).toMatch(/^2 items: 1 request, 0 prompt and 0 completion tokens, 2 pict/);
});
