import fc from 'fast-check';
import { parseHistory } from '../../nodes/Gemma/conversation/history';
import { failureOf } from '../support/failure';

const messages = [
	{ role: 'user', content: 'Hello' },
	{ role: 'assistant', content: 'Hi!' },
];
const turns = [
	{ role: 'user', text: 'Hello' },
	{ role: 'assistant', text: 'Hi!' },
];

it('takes an array by expression, or its JSON', () => {
	expect(parseHistory(messages)).toEqual(turns);
	expect(parseHistory(JSON.stringify(messages))).toEqual(turns);
	expect(parseHistory(`\n ${JSON.stringify(messages, null, 2)} \n`)).toEqual(turns);
});

it.each([undefined, null, '', ' \n ', '[]', 'null', []])('%p is no history at all', (value) => {
	expect(parseHistory(value)).toEqual([]);
});

it('a developer is a system', () => {
	expect(parseHistory([{ role: 'developer', content: 'Be brief.' }])).toEqual([
		{ role: 'system', text: 'Be brief.' },
	]);
});

it.each([null, undefined, ''])('a message with the content %p has no text', (content) => {
	expect(parseHistory([{ role: 'assistant', content }])).toEqual([{ role: 'assistant', text: '' }]);
});

it('text parts are joined, in the words of either API', () => {
	const content = [
		{ type: 'text', text: 'One' },
		{ type: 'input_text', text: 'Two' },
		{ type: 'output_text', text: 'Three' },
		'Four',
	];
	expect(parseHistory([{ role: 'user', content }])).toEqual([
		{ role: 'user', text: 'One\n\nTwo\n\nThree\n\nFour' },
	]);
	expect(parseHistory([{ role: 'user', content: [] }])).toEqual([{ role: 'user', text: '' }]);
});

it.each([
	[7, '7'],
	[false, 'false'],
	[{ colour: 'red' }, '{"colour":"red"}'],
])('a content of %p becomes text', (content, text) => {
	expect(parseHistory([{ role: 'user', content }])).toEqual([{ role: 'user', text }]);
});

it.each(['tool', 'function'])(
	'a message of the role %s is an error that names its index',
	(role) => {
		const history = [...messages, { role, content: '42', tool_call_id: 'call-1' }];
		const failure = failureOf(() => parseHistory(history));
		expect(failure.message).toBe(`Message 2 of History has the role "${role}"`);
		expect(failure.facts).toEqual({ kind: 'input', field: 'History' });
		expect(failure.advice).toContain('leave them out');
	},
);

it.each<[string, unknown]>([
	['an unknown role', { role: 'model', content: 'Hi!' }],
	['a role that every object has', { role: 'constructor', content: 'Hi!' }],
	['a role that is no text', { role: ['user'], content: 'Hi!' }],
	['no role', { content: 'Hi!' }],
	['no object', 'Hi!'],
	['nothing', null],
])('%s is an error that names the index', (_, message) => {
	const { message: words, facts } = failureOf(() => parseHistory([...messages, message]));
	expect(words).toMatch(/^Message 2 of History has no role that is known: /);
	expect(facts).toEqual({ kind: 'input', field: 'History' });
});

it('a picture in the history is an error that names the index', () => {
	const content = [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }];
	const { message, advice } = failureOf(() => parseHistory([{ role: 'user', content }]));
	expect(message).toMatch(/^Message 0 of History holds a part that is not text: .*image_url/);
	expect(advice).toContain('pictures with the message itself');
	expect(failureOf(() => parseHistory([{ role: 'user', content: [null] }])).message).toMatch(
		/^Message 0 /,
	);
});

it.each<[string, unknown, RegExp]>([
	['broken JSON', '[{"role": "user"', /^History is not JSON: \[\{"role": "user"$/],
	['a sentence', 'Hello', /^History is not JSON: Hello$/],
	['an object', { text: 'Hi' }, /^History is not an array of messages: \{"text"/],
	['the JSON of an object', '{"role":"user"}', /^History is not an array of messages/],
	['a number', 7, /^History is not an array of messages: 7$/],
	['a switch', false, /^History is not an array of messages: false$/],
])('%s is an error that shows it', (_, value, words) => {
	const { message, facts, advice } = failureOf(() => parseHistory(value));
	expect(message).toMatch(words);
	expect(facts).toEqual({ kind: 'input', field: 'History' });
	expect(advice).toContain('[{"role": "user", "content": "…"}');
});

describe('what n8n’s chat memory gives', () => {
	const constructed = (name: string, content: string) => ({
		lc: 1,
		type: 'constructor',
		id: ['langchain_core', 'messages', name],
		kwargs: { content, additional_kwargs: {}, response_metadata: {} },
	});
	const simplified = [{ human: 'Hello', ai: 'Hi!' }];
	const whole = [constructed('HumanMessage', 'Hello'), constructed('AIMessage', 'Hi!')];
	const rows = [
		{ type: 'human', data: { content: 'Hello', additional_kwargs: {} } },
		{ type: 'ai', data: { content: 'Hi!', tool_calls: [] } },
	];

	it.each<[string, unknown]>([
		['simplified', simplified],
		['in one item', { messages: simplified, messagesCount: 1 }],
		['as items', [{ messages: simplified, messagesCount: 1 }]],
		['not simplified', whole],
		['not simplified, in one item', { messages: whole, messagesCount: 2 }],
		['as its database keeps it', rows],
		['in OpenAI’s form, in one item', { messages }],
	])('is taken %s, and as JSON', (_, value) => {
		expect(parseHistory(value)).toEqual(turns);
		expect(parseHistory(JSON.stringify(value))).toEqual(turns);
	});

	it('keeps the order of an object’s messages', () => {
		expect(parseHistory([{ system: 'Be brief.', human: 'Hello' }, { ai: 'Hi!' }])).toEqual([
			{ role: 'system', text: 'Be brief.' },
			...turns,
		]);
	});

	it.each<[string, object]>([
		['simplified', { tool: '42' }],
		['not simplified', constructed('ToolMessage', '42')],
	])('has no tool messages, %s', (_, message) => {
		const failure = failureOf(() => parseHistory([...simplified, message]));
		expect(failure.message).toBe('Message 1 of History has the role "tool"');
	});

	it.each<[string, object]>([
		['a name that is no message', { human: 'Hello', time: 'now' }],
		['an unknown class', constructed('OddMessage', 'x')],
		['nothing', {}],
	])('with %s is an error', (_, message) => {
		expect(failureOf(() => parseHistory([message])).message).toMatch(/^Message 0 of History/);
	});
});

it('a long value is shown cut', () => {
	expect(failureOf(() => parseHistory('x'.repeat(5000))).message.length).toBeLessThan(120);
});

it('anything else than turns is a Failure of the field, never another error', () => {
	fc.assert(
		fc.property(fc.oneof(fc.jsonValue(), fc.array(fc.jsonValue())), (value) => {
			let parsed: unknown;
			try {
				parsed = parseHistory(value);
			} catch {
				expect(failureOf(() => parseHistory(value)).facts).toMatchObject({ kind: 'input' });
				return;
			}
			expect(Array.isArray(parsed)).toBe(true);
		}),
	);
});
