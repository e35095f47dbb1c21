import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { byId, items, message, openGemma, type GemmaBench } from '../support/gemmaWorkflow';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const rows = (...values: INodeParameters[]): INodeParameters => ({ messages: { values } });

describe('the conversation', () => {
	const earlier = [
		{ role: 'developer', content: 'Old rules' },
		{ role: 'user', content: [{ type: 'text', text: 'Hi' }] },
		{ role: 'assistant', content: 'Hello' },
	];
	const own = rows(
		{ role: 'user', content: 'Now' },
		{ role: 'system', content: 'Be kind' },
		{ role: 'user', content: '  ' },
	);
	const sent = [
		{ role: 'system', content: 'Be kind\n\nOld rules' },
		{ role: 'user', content: 'Hi' },
		{ role: 'assistant', content: 'Hello' },
		{ role: 'user', content: 'Now' },
	];

	it.each([
		['an array by expression', '={{ $json.earlier }}'],
		['an expression that gives JSON', '={{ JSON.stringify($json.earlier) }}'],
		['JSON in the field', JSON.stringify(earlier)],
	])('takes its history as %s', async (_, history) => {
		await gemma.run({ ...own, options: { history } }, { input: items({ earlier }) });
		expect(gemma.bodies()[0].messages).toEqual(sent);
	});

	it('joins neighbours of one role, so that the server takes them', async () => {
		const history = '[{"role":"assistant","content":"Welcome"},{"role":"user","content":"a"}]';
		const { status } = await gemma.run(message('Hello', { options: { history } }));
		expect(status).toBe('success');
		const messages = gemma.bodies()[0].messages;
		expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
		expect(messages[2].content).toBe('a\n\nHello');
	});

	describe('with a model that refuses the system role', () => {
		const told = rows(
			{ role: 'system', content: 'Be kind' },
			{ role: 'user', content: '={{ $json.text }}' },
		);
		const gemma2 = { ...told, ...byId('google/gemma-2-9b-it') };

		it('folds the system message by itself, and is refused once a run only', async () => {
			const input = items({ text: 'a' }, { text: 'b' }, { text: 'c' });
			// One at a time, so that the second item can know what the first one met.
			const run = await gemma.run({ ...gemma2, options: { concurrency: 1 } }, { input });
			expect(run.error).toBeUndefined();
			expect(gemma.chats().map(({ status }) => status)).toEqual([400, 200, 200, 200]);
			const contents = gemma.bodies().map(({ messages }) => messages[0].content);
			expect(contents).toEqual(['Be kind', 'Be kind\n\na', 'Be kind\n\nb', 'Be kind\n\nc']);
		});

		it('folds at once when told so', async () => {
			await gemma.run(
				{ ...gemma2, options: { systemPlacement: 'user' } },
				{ input: items({ text: 'a' }) },
			);
			expect(gemma.chats().map(({ status }) => status)).toEqual([200]);
			expect(gemma.bodies()[0].messages).toEqual([{ role: 'user', content: 'Be kind\n\na' }]);
		});

		it('does not fold when told not to, and says what the server said', async () => {
			const options = { systemPlacement: 'system' };
			const { error } = await gemma.run({ ...gemma2, options }, { input: items({ text: 'a' }) });
			expect(error?.message).toBe('System role not supported (HTTP 400)');
			expect(error?.description).toContain('Fold Into First User Message');
			expect(gemma.chats()).toHaveLength(1);
		});
	});
});

describe('what comes out', () => {
	it('is one item for each input item, in order and paired, with expressions of its own', async () => {
		const input = items({ text: 'first' }, { text: 'second' }, { text: 'third' });
		const run = await gemma.run(message('={{ $json.text }}'), { input });
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		const quoted = run.json.map(({ text }) => /Last user text: "(.*)"/.exec(String(text))?.[1]);
		expect(quoted).toEqual(['first', 'second', 'third']);
		expect(run.hints).toEqual([]);
	});

	it('is text, model, finish reason and usage when simplified', async () => {
		const { json } = await gemma.run(message('Hello'));
		const { text, usage, ...rest } = json[0] as { text: string; usage: IDataObject };
		expect(rest).toEqual({ model: 'google/gemma-3-27b-it', finishReason: 'stop' });
		expect(text).toContain('Last user text: "Hello"');
		expect(Object.keys(usage)).toEqual(['promptTokens', 'completionTokens', 'totalTokens']);
		expect(usage.totalTokens).toBe(Number(usage.promptTokens) + Number(usage.completionTokens));
	});

	it.each([true, false])('is the whole completion when not, with stream %s', async (stream) => {
		const options = { stream, additionalBody: '{"n": 2}' };
		const { json } = await gemma.run(message('Hello', { simplify: false, options }));
		const text = expect.stringContaining('Last user text: "Hello"') as string;
		const choice = { message: { role: 'assistant', content: text }, finish_reason: 'stop' };
		expect(json).toEqual([
			{
				id: expect.stringMatching(/^chatcmpl-/) as string,
				object: 'chat.completion',
				created: expect.any(Number) as number,
				model: 'google/gemma-3-27b-it',
				choices: [
					{ index: 0, ...choice },
					{ index: 1, ...choice },
				],
				usage: {
					prompt_tokens: expect.any(Number) as number,
					completion_tokens: expect.any(Number) as number,
					total_tokens: expect.any(Number) as number,
				},
			},
		]);
	});

	it('never has an error key, which n8n would read as a failure', async () => {
		const choices = [{ index: 0, message: { content: 'Fine' }, finish_reason: 'stop' }];
		gemma.sandbox.fault({ body: { id: 'x', choices, error: null }, times: 2 });
		for (const simplify of [true, false]) {
			const { json } = await gemma.run(message('Hello', { simplify }));
			expect(JSON.stringify(json)).toContain('Fine');
			expect(json[0]).not.toHaveProperty('error');
		}
	});
});

describe('a history that is longer than the context', () => {
	const earlier = [
		{ system: 'Old rules' },
		...Array.from({ length: 40 }, (_, index) => ({
			human: `Question ${index} about the long story of the town`,
			ai: `Answer ${index}, which goes into all the particulars. `.repeat(4),
		})),
	];
	const input = items({ earlier });
	const ask = (more: IDataObject = {}) =>
		message('Now', { options: { history: '={{ $json.earlier }}', ...more } as INodeParameters });
	const contents = () =>
		gemma
			.bodies()
			.at(-1)!
			.messages.map(({ content }) => String(content));

	it('is sent whole where it fits', async () => {
		const { hints } = await gemma.run(ask(), { input });
		expect(contents()).toHaveLength(82);
		expect(hints.join()).not.toMatch(/history/);
	});

	it('loses its oldest exchanges, keeps the system message, and a hint counts what is left out', async () => {
		const { hints, error } = await gemma.run(ask({ contextTokens: 2000 }), { input });
		expect(error).toBeUndefined();
		const sent = contents();
		expect(sent[0]).toBe('Old rules');
		expect(sent[1]).toMatch(/^Question \d+/);
		expect(sent.slice(-2)).toEqual([expect.stringMatching(/^Answer 39/), 'Now']);
		expect(hints.join()).toContain(
			`does not fit into the context of 2000 tokens: its oldest messages were left out, ${82 - sent.length} of them`,
		);
	});

	it.each(['named', 'unnamed'] as const)(
		'is cut further when the server holds less than the model (%s), once for the whole run',
		async (tooLong) => {
			Object.assign(gemma.sandbox.settings, { contextTokens: 1500, tooLong });
			const { json, error } = await gemma.run(ask({ concurrency: 1 }), {
				input: items({ earlier }, { earlier }),
			});
			expect(error).toBeUndefined();
			expect(json).toHaveLength(2);
			const statuses = gemma.chats().map(({ status }) => status);
			expect(statuses.slice(-2)).toEqual([200, 200]);
			expect(contents()[0]).toBe('Old rules');
		},
	);

	it('is no help where the message alone is too long: the server’s words are the error', async () => {
		gemma.sandbox.settings.contextTokens = 300;
		const { error } = await gemma.run(ask(), { input });
		expect(error?.message).toMatch(/maximum context length is 300 tokens/);
		expect(error?.description).toMatch(/Maximum Number of Tokens/);
	});
});
