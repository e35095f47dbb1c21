import { picturesUnseen, replyHints } from '../../nodes/Gemma/reply/hints';
import { completionOf, usageOf } from '../support/completion';

const MODEL = 'google/gemma-3-27b-it';
const ASKED = { model: MODEL, pictures: 0, maxTokens: 512, byAsset: false };

it('an ordinary reply needs no hint', () => {
	expect(replyHints(completionOf({ content: 'Hello' }), ASKED)).toEqual([]);
	const withPicture = completionOf({ content: 'A cat' }, { usage: usageOf(280, 3) });
	expect(replyHints(withPicture, { ...ASKED, pictures: 1 })).toEqual([]);
});

it.each(['Hello, I', '', null])('a reply of %p that was cut off is told, once', (content) => {
	const completion = completionOf({ content }, { finishReason: 'length' });
	expect(replyHints(completion, { ...ASKED, maxTokens: 77 })).toEqual([
		expect.stringMatching(/cut off at 77 tokens.*Maximum Number of Tokens/),
	]);
});

it('a tool call without text is told by its name', () => {
	const tool_calls = [{ function: { name: 'get_weather' } }, { function: {} }, {}];
	const [hint, ...others] = replyHints(completionOf({ tool_calls }), ASKED);
	expect(others).toEqual([]);
	expect(hint).toContain('a tool call (get_weather, unnamed, unnamed) and no text');
	expect(hint).toContain('Simplify Output');
});

it('a tool call beside text needs no hint', () => {
	const tool_calls = [{ function: { name: 'get_weather' } }];
	expect(replyHints(completionOf({ content: 'Sunny', tool_calls }), ASKED)).toEqual([]);
});

it.each([
	['stop', 'stop'],
	[null, 'none'],
	['content_filter', 'content_filter'],
])('an empty reply is told with its finish reason: %p', (finishReason, shown) => {
	const completion = completionOf({ content: '', tool_calls: [] }, { finishReason });
	expect(replyHints(completion, ASKED)).toEqual([
		expect.stringContaining(`The reply is empty (finish reason: ${shown})`),
	]);
});

it('a reply that is reasoning alone is empty', () => {
	expect(replyHints(completionOf({ content: '<think>Hm.</think>' }), ASKED)).toEqual([
		expect.stringContaining('The reply is empty'),
	]);
});

describe('pictures that the model never saw', () => {
	const seen = (promptTokens: number, pictures: number, model = MODEL) =>
		!picturesUnseen(completionOf({ content: 'Hello' }, { usage: usageOf(promptTokens, 3) }), {
			model,
			pictures,
		});

	it.each([
		[256, 1, true],
		[255, 1, false],
		[1, 1, false],
		[512, 2, true],
		[511, 2, false],
		[2560, 10, true],
		[2559, 10, false],
		[5, 0, true],
	])('a prompt of %i tokens with %i pictures: seen %p', (tokens, pictures, expected) => {
		expect(seen(tokens, pictures)).toBe(expected);
	});

	it.each([
		['google/gemma-4-31b-it', 70, 1, true],
		['google/gemma-4-31b-it', 69, 1, false],
		['gemma4:27b', 139, 2, false],
		['google/gemma-3n-e4b-it', 255, 1, false],
		['meta/llama-3.2-90b-vision-instruct', 1, 10, true],
	])('are judged as %s counts them: %i tokens with %i', (model, tokens, pictures, expected) => {
		expect(seen(tokens, pictures, model)).toBe(expected);
	});

	it('are not suspected when the server counted nothing', () => {
		const asked = { model: MODEL, pictures: 1 };
		expect(seen(0, 1)).toBe(true);
		expect(picturesUnseen(completionOf({ content: 'Hello' }), asked)).toBe(false);
		const usage = { prompt_tokens: null } as unknown as ReturnType<typeof usageOf>;
		expect(picturesUnseen(completionOf({ content: 'Hello' }, { usage }), asked)).toBe(false);
	});

	it('are told, with what can be done', () => {
		const completion = completionOf({ content: 'Which picture?' }, { usage: usageOf(20, 3) });
		const [one] = replyHints(completion, { ...ASKED, pictures: 1 });
		expect(one).toMatch(/did not see the picture: the prompt counted 20 tokens.* takes 256\./);
		expect(one).toContain('Check that google/gemma-3-27b-it takes pictures on this server');
		expect(one).not.toContain('Image Transfer');
		const [uploaded] = replyHints(completion, { ...ASKED, pictures: 1, byAsset: true });
		expect(uploaded).toMatch(/did not see the picture: .*Set Image Transfer to Inline/);
		expect(uploaded).not.toContain('Check that');
		expect(replyHints(completion, { ...ASKED, pictures: 2 })[0]).toContain('see the pictures:');
	});

	it('are told beside a reply that was cut off', () => {
		const completion = completionOf(
			{ content: 'Which' },
			{ finishReason: 'length', usage: usageOf(20, 3) },
		);
		expect(replyHints(completion, { ...ASKED, pictures: 1 })).toHaveLength(2);
	});
});
