import fc from 'fast-check';
import { AnswerFilter, splitReasoning } from '../../nodes/Gemma/reply/reasoning';

const split = (content: string | null, more: Record<string, unknown> = {}) =>
	splitReasoning({ role: 'assistant', content, ...more });

it.each<[string, string | null, { text: string; reasoning?: string }]>([
	['a plain reply has no reasoning', 'Hello', { text: 'Hello' }],
	[
		'a think block is the reasoning',
		'<think>Hm.</think>Hello',
		{ text: 'Hello', reasoning: 'Hm.' },
	],
	[
		'blanks around a block go, those of the reply stay',
		'\n <think>\nHm.\nWell.\n</think>\n\nHello \n',
		{ text: 'Hello \n', reasoning: 'Hm.\nWell.' },
	],
	['a block that never ends is all reasoning', '<think>Hm, so', { text: '', reasoning: 'Hm, so' }],
	[
		'a block that is not at the start is text',
		'a <think>b</think>',
		{ text: 'a <think>b</think>' },
	],
	['a lonely end of a block is text', 'a</think> b', { text: 'a</think> b' }],
	['an empty block is no reasoning', '<think>\n\n</think>\n\nHello', { text: 'Hello' }],
	['a block that only begins is no reasoning', '<think>', { text: '' }],
	[
		'only the first block counts',
		'<think>a</think><think>b</think>c',
		{ text: '<think>b</think>c', reasoning: 'a' },
	],
	['another tag is text', '<thinking>a</thinking>', { text: '<thinking>a</thinking>' }],
	['no content is an empty text', null, { text: '' }],
	['an empty content is an empty text', '', { text: '' }],
	['blanks of a reply stay', '  Hello\n', { text: '  Hello\n' }],
])('%s', (_, content, expected) => {
	expect(split(content)).toEqual(expected);
});

it('reasoning_content is the reasoning, reasoning as some servers call it too', () => {
	const expected = { text: 'Hello', reasoning: 'Hm.' };
	expect(split('Hello', { reasoning_content: 'Hm.' })).toEqual(expected);
	expect(split('Hello', { reasoning: 'Hm.' })).toEqual(expected);
	expect(split('Hello', { reasoning_content: '', reasoning: 'Hm.' })).toEqual(expected);
});

it('the same reasoning under both names comes once', () => {
	expect(split('Hello', { reasoning_content: 'Hm.', reasoning: 'Hm.' }).reasoning).toBe('Hm.');
});

it('a field and a block are both kept, the field first', () => {
	expect(split('<think>Well.</think>Hello', { reasoning_content: 'Hm.' })).toEqual({
		text: 'Hello',
		reasoning: 'Hm.\n\nWell.',
	});
});

it.each([null, '', 7, { effort: 'low' }, ['Hm.']])('a reasoning field of %p is none', (value) => {
	expect(split('Hello', { reasoning_content: value, reasoning: value })).toEqual({ text: 'Hello' });
});

it('a reply that does not begin with a block comes back whole', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (content) => {
			fc.pre(!/^\s*<think>/.test(content));
			expect(split(content)).toEqual({ text: content });
		}),
	);
});

it('a long block is soon split', () => {
	const began = Date.now();
	expect(split(`<think>${'<think> \n'.repeat(200_000)}`).text).toBe('');
	expect(split(`${' \n'.repeat(200_000)}<think`).text).toHaveLength(400_006);
	expect(Date.now() - began).toBeLessThan(2000);
});

it('an answer that grows is let through as the whole of it would be parted', () => {
	const piece = fc.constantFrom('<think>', '</think>', '<th', 'ink>', '</', ' ', '\n', 'a', '<');
	fc.assert(
		fc.property(fc.array(piece), (pieces) => {
			const filter = new AnswerFilter();
			const answer = pieces.map((text) => filter.add(text)).join('');
			const { text } = splitReasoning({ role: 'assistant', content: pieces.join('') });
			expect(text.startsWith(answer)).toBe(true);
			// What is left may still have become a think block.
			expect('<think>'.startsWith(text.slice(answer.length).trimStart())).toBe(true);
		}),
	);
});
