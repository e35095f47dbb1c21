import { ContextLessons } from '../../nodes/Gemma/actions/contexts';
import { contextOf } from '../../nodes/Gemma/gemma';
import { contextLimitIn } from '../../nodes/Gemma/transport/contextLimit';
import { refusalOf } from '../../nodes/Gemma/transport/refusal';

it.each([
	['google/gemma-3-27b-it', 131_072],
	['gemma3:4b', 131_072],
	['gemma3:latest', 131_072],
	['google/gemma-3-12b', 131_072],
	['google/gemma-3-1b-it', 32_768],
	['gemma3:270m', 32_768],
	['google/gemma-3n-e4b-it', 32_768],
	['gemma3n:e2b', 32_768],
	['google/gemma-4-31b-it', 262_144],
	['gemma4:26b-a4b', 262_144],
	['gemma4:e4b', 131_072],
	['google/gemma-2-9b-it', 8192],
	['gemma:7b', 8192],
	['my/own-model', 8192],
])('%s holds %i tokens', (model, tokens) => {
	expect(contextOf(model)).toBe(tokens);
});

it.each([
	["This model's maximum context length is 4096 tokens. However, you requested 5000 tokens", 4096],
	['request (3009 tokens) exceeds the available context size (512 tokens), try increasing it', 512],
	['The decoder prompt (length 9001) is longer than the maximum model length of 8192.', 8192],
	['the model is loaded with context length of only 4096 tokens', 4096],
	['maximum context length is 131,072 tokens', 131_072],
	['the input length exceeds the context length', undefined],
	['Something else: 12', undefined],
])('%s: %p', (words, tokens) => {
	expect(contextLimitIn(words)).toBe(tokens);
});

describe('what a run learns', () => {
	const refused = (words: string) => refusalOf(400, words);
	const unnamed = refused('the input length exceeds the context length');

	it('is the limit that the server names, for that model only', () => {
		const lessons = new ContextLessons();
		const named = refused('maximum context length is 4096 tokens');
		expect(lessons.learn(named, 'gemma3:4b', 131_072)).toBe(true);
		expect([lessons.of('gemma3:4b', 0), lessons.of('gemma3:4b', 2000)]).toEqual([4096, 2000]);
		expect(lessons.of('gemma3:12b', 0)).toBe(131_072);
	});

	it('is half when it names none, or none that is smaller', () => {
		const lessons = new ContextLessons();
		lessons.learn(unnamed, 'gemma3:4b', 131_072);
		expect(lessons.of('gemma3:4b', 0)).toBe(65_536);
		lessons.learn(refused('maximum context length is 65536 tokens'), 'gemma3:4b', 65_536);
		expect(lessons.of('gemma3:4b', 0)).toBe(32_768);
	});

	it('is learned once from requests that were refused together', () => {
		const lessons = new ContextLessons();
		for (let request = 0; request < 3; request++) {
			expect(lessons.learn(unnamed, 'gemma3:4b', 131_072)).toBe(true);
		}
		expect(lessons.of('gemma3:4b', 0)).toBe(65_536);
	});

	it('is nothing from other failures, and ends where nothing of use would fit', () => {
		const lessons = new ContextLessons();
		expect(lessons.learn(refused('no'), 'm', 8192)).toBe(false);
		expect(lessons.learn(new Error('maximum context length is 9'), 'm', 8192)).toBe(false);
		expect(lessons.learn(unnamed, 'm', 500)).toBe(false);
		expect(lessons.of('m', 0)).toBe(8192);
	});
});
