import type { INodeParameters } from 'n8n-workflow';

import { items, message, openGemma, type GemmaBench } from '../support/gemmaWorkflow';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const SCHEMA = {
	type: 'object',
	properties: { total: { type: 'number' }, currency: { type: 'string', minLength: 3 } },
	required: ['total', 'currency'],
	additionalProperties: false,
};
const GOOD = { total: 12.5, currency: 'EUR' };

const bySchema = (more: INodeParameters = {}) =>
	message('Read the invoice.', {
		outputFormat: 'schema',
		jsonSchema: JSON.stringify(SCHEMA),
		...more,
	});

/** The next replies of the model, one request each. */
function replies(...texts: string[]): void {
	gemma.sandbox.fault(
		...texts.map((content) => ({
			match: { path: '/v1/chat' },
			status: 200,
			body: {
				id: 'x',
				model: 'google/gemma-3-27b-it',
				choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
				usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
			},
		})),
	);
}

const lastPrompt = () => String(gemma.bodies().at(-1)?.messages.at(-1)?.content);

describe('JSON', () => {
	it('is asked for in the prompt, without response_format, and comes out as data', async () => {
		replies('Here it is:\n```json\n{"a": [1, 2]}\n```');
		const { json } = await gemma.run(message('List.', { outputFormat: 'json' }));
		expect(json[0].data).toEqual({ a: [1, 2] });
		expect(lastPrompt()).toMatch(/^List\.\n\nAnswer with one JSON object or array/);
		expect(gemma.bodies()[0]).not.toHaveProperty('response_format');
	});

	it('that is none is asked for once more, with what is wrong', async () => {
		replies('I cannot do that.', '{"ok": true}');
		const { json } = await gemma.run(message('List.', { outputFormat: 'json' }));
		expect(json[0].data).toEqual({ ok: true });
		expect(json[0].usage).toEqual({ promptTokens: 20, completionTokens: 10, totalTokens: 30 });
		expect(gemma.bodies()[1].messages.map(({ role }) => role)).toEqual([
			'user',
			'assistant',
			'user',
		]);
	});
});

describe('a schema', () => {
	it('goes into the prompt and into response_format, and the data fits it', async () => {
		const { json, error } = await gemma.run(bySchema());
		expect(error).toBeUndefined();
		expect(json[0].data).toMatchObject({ total: expect.any(Number) });
		expect(gemma.bodies()[0].response_format).toMatchObject({ json_schema: { schema: SCHEMA } });
		expect(lastPrompt()).toContain(JSON.stringify(SCHEMA));
	});

	it('goes on without response_format where the server refuses it, for the whole run', async () => {
		gemma.sandbox.settings.extras = { response_format: 400 };
		await gemma.run(bySchema({ options: { concurrency: 1 } }), { input: items({}, {}) });
		expect(gemma.bodies().map((body) => 'response_format' in body)).toEqual([
			true,
			...Array.from({ length: gemma.bodies().length - 1 }, () => false),
		]);
	});

	it('that the reply does not fit is shown to the model with the violations', async () => {
		replies('{"total": "12,50", "currency": "EUR"}', JSON.stringify(GOOD));
		const { json } = await gemma.run(bySchema());
		expect(json[0].data).toEqual(GOOD);
		expect(lastPrompt()).toMatch(/\/total must be number/);
	});

	it('that is not met twice is an error with the violations; Continue keeps the raw text', async () => {
		const wrong = '{"total": 1, "currency": "E"}';
		replies(wrong, wrong);
		const stopped = await gemma.run(bySchema());
		expect(stopped.error?.message).toMatch(/not in the form.*\/currency/);
		replies(wrong, wrong);
		const { json } = await gemma.run(bySchema(), { node: { onError: 'continueRegularOutput' } });
		expect(json[0]).toMatchObject({ error: expect.stringMatching(/currency/), text: wrong });
		expect(json[0]).not.toHaveProperty('data');
	});

	it('by example is read out of the example', async () => {
		replies(JSON.stringify({ total: 1 }), JSON.stringify(GOOD));
		const parameters = bySchema({ schemaType: 'fromExample', jsonExample: JSON.stringify(GOOD) });
		const { json } = await gemma.run(parameters);
		expect(json[0].data).toEqual(GOOD);
		expect(gemma.bodies()).toHaveLength(2);
	});

	it.each([
		['jsonSchema', '{"type": "nonsense"}', {}, /JSON Schema/],
		['jsonSchema', 'not json', {}, /JSON Schema holds "not json"/],
		['jsonSchema', '', {}, /^JSON Schema is empty/],
		['jsonSchema', '{}', {}, /^JSON Schema is empty/],
		['jsonSchema', '={{ null }}', {}, /^JSON Schema is empty/],
		['jsonSchema', '{"name": "Ann", "age": 5}', {}, /"Ann".* no keyword of JSON Schema/],
		['jsonExample', '12', { schemaType: 'fromExample' }, /JSON Example holds "12"/],
	])('%s %s is refused before anything is sent', async (name, value, more, expected) => {
		const { error } = await gemma.run(bySchema({ ...more, [name]: value }));
		expect(error?.message).toMatch(expected);
		expect(error?.description).toBeTruthy();
		expect(gemma.chats()).toHaveLength(0);
	});

	it.each(['', ' \n ', '<think>Hm.</think>'])(
		'asked for again after %j, which is nothing, is asked for in a request that can be answered',
		async (nothing) => {
			replies(nothing, JSON.stringify(GOOD));
			const { json, error } = await gemma.run(bySchema());
			expect(error).toBeUndefined();
			expect(json[0].data).toEqual(GOOD);
			const { messages } = gemma.bodies()[1];
			expect(messages.map(({ role }) => role)).toEqual(['user']);
			expect(messages[0].content).toMatch(/That reply cannot be used:\n- The reply is empty/);
		},
	);

	it('cut off by the tokens is an error that says so, and is not asked again', async () => {
		gemma.sandbox.fault({
			match: { path: '/v1/chat' },
			status: 200,
			body: {
				choices: [
					{
						index: 0,
						message: { role: 'assistant', content: '{"total": 1' },
						finish_reason: 'length',
					},
				],
			},
		});
		const { error } = await gemma.run(bySchema());
		expect(error?.message).toMatch(/cut off at 512 tokens/);
		expect(gemma.chats()).toHaveLength(1);
	});
});

describe('the item’s own fields', () => {
	const input = items({ id: 7, text: 'own', error: 'of an earlier node' });

	it('stay beside the reply, whose names win, and an old error does not', async () => {
		const { json } = await gemma.run(message('Hi', { options: { includeInputFields: true } }), {
			input,
		});
		expect(json[0]).toMatchObject({ id: 7, text: expect.stringContaining('Hi') });
		expect(json[0]).not.toHaveProperty('error');
	});

	it('stay whole when the reply has its own field, and so does binary data', async () => {
		const options = { includeInputFields: true, outputField: 'gemma' };
		const withFile = await gemma.item({ 'note.txt': Buffer.from('note') }, { id: 7, text: 'own' });
		const { json, items: out } = await gemma.run(message('Hi', { options }), { input: [withFile] });
		expect(json[0]).toMatchObject({ id: 7, text: 'own', gemma: { finishReason: 'stop' } });
		expect(out[0].binary).toHaveProperty('note');
	});

	it('cannot be named error', async () => {
		const { error } = await gemma.run(message('Hi', { options: { outputField: 'error' } }));
		expect(error?.message).toMatch(/Output Field holds "error"/);
		expect(gemma.chats()).toHaveLength(0);
	});
});
