import type { INodeParameters, StructuredChunk } from 'n8n-workflow';

import type { Fault } from '../../sandbox';
import { content, delta, events, stop } from '../support/events';
import {
	analyze,
	items,
	message,
	openGemma,
	type GemmaBench,
	type GemmaRunOptions,
} from '../support/gemmaWorkflow';
import { solid } from '../support/pictures';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const CHAT = { path: '/v1/chat' };
const goOn = { onError: 'continueRegularOutput' as const };

/** Runs the node behind a trigger that streams, and keeps what the chat gets. */
async function chat(parameters: INodeParameters, options: GemmaRunOptions = {}) {
	const chunks: StructuredChunk[] = [];
	const run = await gemma.run(parameters, {
		...options,
		onStreamChunk: (chunk) => chunks.push(chunk),
	});
	const ofType = (type: string) => chunks.filter((chunk) => chunk.type === type);
	return {
		...run,
		chunks,
		types: chunks.map(({ type }) => type),
		shown: ofType('item')
			.map(({ content: text }) => text)
			.join(''),
		told: ofType('error').map(({ content: text }) => text),
	};
}

/** The next replies, as events of a stream. */
const streams = (...bodies: unknown[][]) =>
	gemma.sandbox.fault(...bodies.map((body): Fault => ({ match: CHAT, body: events(...body) })));

describe('behind a trigger that streams, the chat gets', () => {
	it('the reply word by word, and the output is as ever', async () => {
		const { json, chunks, types, shown, error } = await chat(message('Hello'));
		expect(error).toBeUndefined();
		expect(types[0]).toBe('begin');
		expect(types.at(-1)).toBe('end');
		expect(types.length).toBeGreaterThan(10);
		expect(shown).toBe(json[0].text);
		expect(chunks[0].metadata).toMatchObject({ nodeName: 'Gemma', itemIndex: 0, runIndex: 0 });
	});

	it('its beginning while the rest is still being written', async () => {
		gemma.sandbox.fault({
			match: CHAT,
			body: events(content('Good'), content(' morning'), stop),
			stallAfterBytes: events(content('Good')).length,
			stallMs: 150,
		});
		const times: number[] = [];
		await gemma.run(message('Hello'), { onStreamChunk: () => times.push(performance.now()) });
		expect(times[2] - times[1]).toBeGreaterThan(100);
	});

	it.each<[what: string, parameters: INodeParameters]>([
		['without Stream', { options: { stream: false } }],
		['without Simplify Output', { simplify: false, options: { stream: false } }],
	])('the whole text as one chunk %s', async (_, more) => {
		const { types, shown } = await chat(message('Hello', more));
		expect(types).toEqual(['begin', 'item', 'end']);
		expect(shown).toMatch(/^This is the sandbox/);
	});

	it('the text of choice 0 alone', async () => {
		streams([
			content('Yes'),
			delta({ content: 'No' }, null, 1),
			content('!'),
			stop,
			delta({}, 'stop', 1),
		]);
		expect((await chat(message('Hello'))).shown).toBe('Yes!');
	});

	it('no reasoning', async () => {
		streams([
			delta({ reasoning_content: 'Hm.' }),
			content('<thi'),
			content('nk>Well.</th'),
			content('ink>\n'),
			content('Yes.'),
			stop,
		]);
		const { shown, json } = await chat(message('Hello'));
		expect(shown).toBe('Yes.');
		expect(json[0]).toMatchObject({ text: 'Yes.', reasoning: 'Hm.\n\nWell.' });
	});

	it('no secret, also when it comes in pieces', async () => {
		const { apiKey } = gemma.sandbox;
		const pieces = [...apiKey].map((sign) => content(sign));
		streams([content('The key is '), ...pieces, content('.'), stop]);
		const { shown, json } = await chat(message('Hello'));
		expect(shown).toBe('The key is [hidden].');
		expect(json[0].text).toBe(shown);
	});

	it('what came by a poll', async () => {
		gemma.sandbox.settings.pend = 0;
		const { shown, json } = await chat(message('Hello'));
		expect(shown).toBe(json[0].text);
	});

	it('each reply by itself when there are several', async () => {
		const { chunks, json } = await chat(message('={{ $json.text }}'), {
			input: items({ text: 'one' }, { text: 'two' }, { text: 'three' }),
		});
		for (let index = 0; index < 3; index++) {
			const at = chunks.findIndex(({ metadata }) => metadata.itemIndex === index);
			expect(
				chunks
					.slice(at, at + 3)
					.map(({ type, content: text, metadata }) => [type, text, metadata.itemIndex]),
			).toEqual([
				['begin', undefined, index],
				['item', json[index].text, index],
				['end', undefined, index],
			]);
		}
		expect(chunks).toHaveLength(9);
	});
});

describe('the chat gets nothing', () => {
	it.each<[what: string, more: INodeParameters]>([
		['of data', { outputFormat: 'schema', jsonSchema: '{"type": "array"}' }],
		['of a reply that is not meant for it', { options: { enableStreaming: false } }],
	])('%s', async (_, more) => {
		const { chunks, error } = await chat(message('Hello', more));
		expect(error).toBeUndefined();
		expect(chunks).toEqual([]);
	});
});

describe('what the server refuses is asked otherwise before anything is shown:', () => {
	it.each<[what: string, fault: Fault]>([
		['stream_options', { status: 400, body: { error: { message: 'Unknown stream_options' } } }],
		['the system role', { status: 400, body: { error: { message: 'System role not supported' } } }],
		['a passing fault', { status: 503, body: { error: { message: 'Busy' } } }],
		['a reply that broke off in its thoughts', { body: events(content('<think>Hm')) }],
	])('%s', async (_, fault) => {
		gemma.sandbox.fault({ match: CHAT, ...fault });
		const messages = {
			values: [
				{ role: 'system', content: 'Be brief' },
				{ role: 'user', content: 'Hello' },
			],
		};
		const { types, shown, json, error } = await chat({ messages });
		expect(error).toBeUndefined();
		expect(gemma.chats()).toHaveLength(2);
		expect(shown).toBe(json[0].text);
		expect(types.filter((type) => type === 'begin')).toHaveLength(1);
	});
});

describe('a reply that breaks off after its first word', () => {
	const half = () => streams([content('Good mor')]);

	it('is not asked for again, and n8n tells the chat what to do', async () => {
		half();
		const { error, shown, told } = await chat(message('Hello'));
		expect(gemma.chats()).toHaveLength(1);
		expect(error?.message).toMatch(/^The reply broke off after 8 characters/);
		expect(shown).toBe('Good mor');
		expect(told).toEqual([error?.description]);
	});

	it('fails its item alone under Continue, with what had come', async () => {
		half();
		const { json, shown, told } = await chat(message('Hello'), { node: goOn });
		expect(gemma.chats()).toHaveLength(1);
		expect(json).toEqual([
			{
				error: expect.stringMatching(/^The reply broke off/),
				description: expect.any(String),
				text: 'Good mor',
			},
		]);
		expect(shown).toBe('Good mor');
		expect(told).toEqual([json[0].error]);
	});

	it('by an error of the server is not asked otherwise', async () => {
		streams([content('Good mor'), { error: { message: 'Unknown stream_options', code: 400 } }]);
		const { json } = await chat(message('Hello'), { node: goOn });
		expect(gemma.chats()).toHaveLength(1);
		expect(json[0]).toMatchObject({ text: 'Good mor' });
	});
});

describe('the message of a Chat Trigger', () => {
	const asked = () => gemma.bodies()[0].messages;
	const fresh = { messages: { values: [{ role: 'user', content: '' }] } };
	const input = items({ sessionId: '1', action: 'sendMessage', chatInput: 'Good evening' });

	it.each<[what: string, parameters: INodeParameters]>([
		['a fresh node', fresh],
		['a node without messages', {}],
	])('is the prompt of %s', async (_, parameters) => {
		const { error } = await gemma.run(parameters, { input });
		expect(error).toBeUndefined();
		expect(asked()).toEqual([{ role: 'user', content: 'Good evening' }]);
	});

	it('stands behind the system message and earlier answers', async () => {
		const values = [
			{ role: 'system', content: 'Be brief' },
			{ role: 'user', content: '' },
		];
		await gemma.run({ messages: { values } }, { input });
		expect(asked()).toEqual([
			{ role: 'system', content: 'Be brief' },
			{ role: 'user', content: 'Good evening' },
		]);
	});

	it('gives way to a prompt', async () => {
		await gemma.run(message('Something else'), { input });
		expect(asked()).toEqual([{ role: 'user', content: 'Something else' }]);
	});

	it.each<[what: string, parameters: INodeParameters]>([
		['message', fresh],
		['question', analyze({ text: '' })],
	])('that is empty leaves the %s empty, which is an error', async (_, parameters) => {
		const { error } = await gemma.run(parameters, { input: items({ chatInput: ' ' }) });
		expect(error?.message).toMatch(/^(Messages holds no user message|Text Input is empty)/);
		expect(gemma.chats()).toEqual([]);
	});

	it('is the question about the files that came with it', async () => {
		const picture = await solid('jpeg', 64, 64, 'red');
		const item = await gemma.item(
			{ 'data0.jpg': picture, 'data1.jpg': picture },
			{ chatInput: 'Which is sharper?' },
		);
		const { json, error } = await gemma.run(analyze({ text: '', imageInput: 'allBinary' }), {
			input: [item],
		});
		expect(error).toBeUndefined();
		expect(json[0].text).toContain('Last user text: "Which is sharper?"');
		expect(json[0].text).toContain('Picture 2: JPEG');
	});
});
