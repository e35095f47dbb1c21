import type { INodeParameters } from 'n8n-workflow';

import { analyze, message, openGemma, picturesIn, type GemmaBench } from '../support/gemmaWorkflow';
import { solid } from '../support/pictures';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma({ sandbox: { keepBodies: true } });
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const COLOURS = ['#ff0000', '#00ff00', '#0000ff'];
const album = async (count = COLOURS.length) =>
	await Promise.all(
		Array.from({ length: count }, async (_, i) =>
			gemma.item({ 'data.png': await solid('png', 20, 20, COLOURS[i % 3]) }),
		),
	);
const about = (more: INodeParameters = {}) => analyze({ scope: 'all', ...more });

describe('the pictures of all items together', () => {
	it('are numbered in one request, and make one item that is paired with all', async () => {
		const run = await gemma.run(about(), { input: await album() });
		expect(gemma.chats()).toHaveLength(1);
		const [body] = gemma.bodies();
		expect(picturesIn(body)).toHaveLength(3);
		const texts = (body.messages[0].content as Array<{ text?: string }>).flatMap(
			({ text }) => text ?? [],
		);
		expect(texts).toEqual([
			...['Picture 1 of 3:', 'Picture 2 of 3:', 'Picture 3 of 3:'],
			'What is this?',
		]);
		expect(run.items).toHaveLength(1);
		expect(run.items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(run.json[0].text).toMatch(/Picture 3/);
	});

	it('of one item are asked about as ever', async () => {
		const run = await gemma.run(about(), { input: await album(1) });
		expect(run.items[0].pairedItem).toEqual({ item: 0 });
		expect(JSON.stringify(gemma.bodies())).not.toContain('Picture 1 of');
	});

	it('name the item that has none, before anything is sent', async () => {
		const input = [...(await album(2)), { json: {} }];
		const run = await gemma.run(about(), { input });
		expect(run.error?.message).toMatch(
			/^The item has no binary field "data".*\[item 2; 0 of 3 items/,
		);
		expect(run.error?.context.itemIndex).toBe(2);
		expect(gemma.log()).toEqual([]);
	});

	it('fail all together under Continue, and the one item says whose fault it was', async () => {
		const input = [...(await album(1)), { json: {} }];
		const run = await gemma.run(about(), { input, node: { onError: 'continueRegularOutput' } });
		expect(run.items).toHaveLength(1);
		expect(run.json[0].error).toMatch(/^Item 1: The item has no binary field/);
		expect(run.items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('that take more tokens than the context holds are refused with the numbers', async () => {
		const run = await gemma.run(about({ options: { contextTokens: 1500 } }), {
			input: await album(4),
		});
		expect(run.error?.message).toMatch(
			/The 4 pictures of 4 items take 1024 tokens \(256 each\).* room for 988/,
		);
		expect(gemma.log()).toEqual([]);
	});
});

describe('what a run has cost', () => {
	it('is said once, when there was more than one item', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat/completions' }, status: 503 });
		const run = await gemma.run(analyze({ options: { concurrency: 1 } }), {
			input: await album(2),
		});
		const usage = run.json.map((json) => json.usage as Record<string, number>);
		const sum = (field: string) => usage[0][field] + usage[1][field];
		expect(run.totals).toHaveLength(1);
		expect(run.totals[0]).toMatch(
			/^2 items: 3 requests \(1 of them retries\), .* 2 pictures inline \(1 kB\), [\d.]+ seconds\.$/,
		);
		expect(run.totals[0]).toContain(
			`${sum('promptTokens')} prompt and ${sum('completionTokens')} completion tokens`,
		);
	});

	it('is not said of a single item, nor when nothing was asked', async () => {
		expect((await gemma.run(message('Hello'))).totals).toEqual([]);
		const input = [{ json: {} }, { json: {} }];
		expect((await gemma.run(message(''), { input })).totals).toEqual([]);
	});
});
