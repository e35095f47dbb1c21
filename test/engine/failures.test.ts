import {
	analyze,
	byId,
	items,
	message,
	openGemma,
	type GemmaBench,
} from '../support/gemmaWorkflow';
import { solid } from '../support/pictures';
import { nvidiaRefusals, openAi, otherRefusals } from '../support/refusals';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

describe.each(Object.entries({ ...nvidiaRefusals, ...otherRefusals }))(
	'%s',
	(_, { reply, ...row }) => {
		const status = Number(/\d+(?=\)$)/.exec(row.says)?.[0]);
		const parameters = message('={{ $json.text }}', { options: { maxRetries: 0, concurrency: 1 } });
		const input = items({ text: 'a' }, { text: 'b' });
		const secondFails = () =>
			gemma.sandbox.fault({ ...reply, match: { path: '/v1/chat', nth: 2 }, times: Infinity });

		it('stops with the server’s words, what to do, and the item', async () => {
			secondFails();
			const { status: outcome, error } = await gemma.run(parameters, { input });
			expect(outcome).toBe('error');
			expect(error).toMatchObject({
				name: 'NodeApiError',
				context: { itemIndex: 1 },
				httpCode: String(status),
			});
			expect(error?.message.startsWith(row.says)).toBe(true);
			expect(error?.message).toContain('1 of 2 items had their answers');
			expect(error?.description).toMatch(row.advice);
			expect(error?.description).toContain("'Continue'");
		});

		it('continues with an item that tells as much, beside the others', async () => {
			secondFails();
			const node = { onError: 'continueRegularOutput' as const };
			const run = await gemma.run(parameters, { input, node });
			expect(run.status).toBe('success');
			expect(run.json[0].text).toContain('Last user text: "a"');
			const { json, ...rest } = run.items[1];
			expect(rest).toEqual({ pairedItem: { item: 1 } });
			const { description, requestId, ...fields } = json;
			expect(fields).toEqual({ error: row.says, status });
			expect(description).toMatch(row.advice);
			if (row.requestId) expect(requestId).toBe(row.requestId);
		});
	},
);

it('sends failed items to the error output, merged with their input', async () => {
	gemma.sandbox.fault({
		...nvidiaRefusals['403 not allowed'].reply,
		match: { path: '/v1/chat', nth: 2 },
	});
	const run = await gemma.run(message('={{ $json.text }}', { options: { concurrency: 1 } }), {
		input: items({ text: 'a' }, { text: 'b' }, { text: 'c' }),
		node: { onError: 'continueErrorOutput' },
	});
	expect(run.status).toBe('success');
	expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	expect(run.failed).toEqual([
		{ json: { text: 'b', error: 'Authorization failed (HTTP 403)' }, pairedItem: { item: 1 } },
	]);
});

it('a server that wants hours of patience fails the item at once and says so', async () => {
	gemma.sandbox.fault({
		status: 503,
		body: 'Down for maintenance',
		headers: { 'Retry-After': '10800' },
		times: Infinity,
	});
	const began = Date.now();
	const { error } = await gemma.run(message('Hello'));
	expect(Date.now() - began).toBeLessThan(5000);
	expect(gemma.chats()).toHaveLength(1);
	expect(error?.message).toMatch(/^Down for maintenance \(HTTP 503\)/);
	expect(`${error?.message} ${error?.description}`).toMatch(/3 hours|180 minutes/);
});

it.each([
	['an unknown model', 'google/gemma-99-it', '404 page not found (HTTP 404)'],
	['a model not granted', 'google/gemma-not-granted-it', /Not found for account .* \(HTTP 404\)/],
	['a retired model', 'google/gemma-retired-it', /end of life on 2026-06-30\. \(HTTP 410\)/],
])('the sandbox’s own refusal of %s reaches the user', async (_, model, words) => {
	const { error } = await gemma.run(message('Hello', byId(model)));
	expect(error?.message).toMatch(words);
	expect(error?.description).toMatch(/[Mm]odel/);
});

it('a picture for a model without eyes is refused in the server’s words', async () => {
	const input = [await gemma.item({ 'data.png': await solid('png', 8, 8, 'red') })];
	const parameters = { ...byId('google/gemma-3-1b-it'), options: { maxRetries: 0 } };
	const { error } = await gemma.run(analyze(parameters), { input });
	expect(error?.message).toMatch(/^image input is not supported.*\(HTTP 500\)$/);
	expect(error?.description).toContain('takes no pictures');
});

it('cuts the words of a server that tells a novel', async () => {
	gemma.sandbox.fault({ status: 400, body: openAi('x'.repeat(5000)) });
	const { error } = await gemma.run(message('Hello'));
	expect(error?.message).toMatch(/^x{499}… \(HTTP 400\)$/);
});

it('keeps a server’s words that n8n would replace by a sentence of its own', async () => {
	const words = 'connect ECONNREFUSED 10.0.0.1:80, ETIMEDOUT, ENOENT';
	gemma.sandbox.fault({ status: 400, body: openAi(words) });
	const { error } = await gemma.run(message('Hello'));
	expect(error?.message).toBe(`${words} (HTTP 400)`);
});
