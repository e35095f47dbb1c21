import { simplify } from '../../nodes/Gemma/reply/simplify';
import { addUsage } from '../../nodes/Gemma/reply/usage';
import type { Usage } from '../../nodes/Gemma/transport/api';
import { completionOf, usageOf } from '../support/completion';

describe('a simplified reply', () => {
	it('has the text, the model, the finish reason and the usage', () => {
		const completion = completionOf({ content: 'Hello' }, { usage: usageOf(12, 3) });
		expect(simplify(completion, 'asked')).toEqual({
			text: 'Hello',
			model: 'google/gemma-3-27b-it',
			finishReason: 'stop',
			usage: { promptTokens: 12, completionTokens: 3, totalTokens: 15 },
		});
	});

	it('leaves out usage and reasoning that the server did not give', () => {
		const reply = simplify(completionOf({ content: 'Hello' }), 'asked');
		expect(Object.keys(reply)).toEqual(['text', 'model', 'finishReason']);
	});

	it.each([
		['nothing', {}, undefined],
		['no numbers', { prompt_tokens: '5', completion_tokens: null, total_tokens: 'x' }, undefined],
		['no object', 'many', undefined],
		['a part of it', { prompt_tokens: 5, completion_tokens: null }, { promptTokens: 5 }],
		[
			'no tokens',
			{ prompt_tokens: 5, completion_tokens: 0, total_tokens: 5 },
			{ promptTokens: 5, completionTokens: 0, totalTokens: 5 },
		],
	])('of a usage that holds %s has the counts that are numbers', (_, given, usage) => {
		const completion = completionOf({ content: 'Hello' }, { usage: given as unknown as Usage });
		const reply = simplify(completion, 'asked');
		expect(reply.usage).toEqual(usage);
		expect('usage' in reply).toBe(usage !== undefined);
	});

	it('has the reasoning apart from the text', () => {
		const completion = completionOf({ content: '<think>Hm.</think>Hello' });
		expect(simplify(completion, 'asked')).toMatchObject({ text: 'Hello', reasoning: 'Hm.' });
	});

	it('names the model that was asked when the server names none', () => {
		const completion = { ...completionOf({ content: 'Hello' }), model: '' };
		expect(simplify(completion, 'gemma3:27b').model).toBe('gemma3:27b');
	});

	it('of several choices has the first', () => {
		const completion = completionOf({ content: 'One' });
		const second = { ...completionOf({ content: 'Two' }).choices[0], index: 1 };
		const both = { ...completion, choices: [...completion.choices, second] };
		expect(simplify(both, 'asked').text).toBe('One');
	});

	it.each([null, 'length', 'tool_calls'])(
		'of an empty reply keeps the reason %p',
		(finishReason) => {
			expect(simplify(completionOf({}, { finishReason }), 'asked')).toEqual({
				text: '',
				model: 'google/gemma-3-27b-it',
				finishReason,
			});
		},
	);

	it('never has an error key, which n8n reads as a failure', () => {
		const completion = { ...completionOf({ content: 'Hello' }), error: null };
		expect(simplify(completion, 'asked')).not.toHaveProperty('error');
	});
});

describe('usage over several requests', () => {
	it('is summed', () => {
		const completion = completionOf({ content: 'Hello' }, { usage: usageOf(300, 10) });
		expect(addUsage(completion, usageOf(20, 5)).usage).toEqual(usageOf(320, 15));
	});

	it('is the earlier one where the last reply gave none, and the last one without an earlier', () => {
		const without = completionOf({ content: 'Hello' });
		expect(addUsage(without, usageOf(20, 5)).usage).toEqual(usageOf(20, 5));
		expect(addUsage(without, undefined)).not.toHaveProperty('usage');
		const only = completionOf({ content: 'Hello' }, { usage: usageOf(20, 5) });
		expect(addUsage(only, undefined).usage).toEqual(usageOf(20, 5));
	});

	it('keeps what else the last reply said of its usage', () => {
		const usage = { ...usageOf(300, 10), prompt_tokens_details: { cached_tokens: 4 } };
		const summed = addUsage(completionOf({ content: 'Hello' }, { usage }), usageOf(20, 5)).usage;
		expect(summed).toEqual({ ...usageOf(320, 15), prompt_tokens_details: { cached_tokens: 4 } });
	});

	it('counts what is no number as nothing', () => {
		const odd = { prompt_tokens: '5', completion_tokens: null, total_tokens: {} };
		const last = completionOf({ content: 'Hello' }, { usage: odd as unknown as Usage });
		expect(addUsage(last, usageOf(20, 5)).usage).toEqual(usageOf(20, 5));
	});

	it('counts what a server leaves out as nothing', () => {
		const sparse = { prompt_tokens: 20 } as ReturnType<typeof usageOf>;
		const last = completionOf({ content: 'Hello' }, { usage: usageOf(300, 10) });
		expect(addUsage(last, sparse).usage).toEqual({
			prompt_tokens: 320,
			completion_tokens: 10,
			total_tokens: 310,
		});
		const first = completionOf({ content: 'Hello' }, { usage: sparse });
		expect(addUsage(first, usageOf(20, 5)).usage).toMatchObject({ completion_tokens: 5 });
	});

	it('does not change the completion given', () => {
		const completion = completionOf({ content: 'Hello' }, { usage: usageOf(300, 10) });
		addUsage(completion, usageOf(20, 5));
		expect(completion.usage).toEqual(usageOf(300, 10));
	});
});
