import { chat, contentOf, useSandbox } from './support';

const sandbox = useSandbox({ contextTokens: 100 });
/** 4 tokens around, 5 for the turn, and a quarter of the characters. */
const prompt = (tokens: number) => [{ role: 'user', content: 'x'.repeat((tokens - 9) * 4) }];

it('a prompt and its reply that fit together are answered', async () => {
	const fits = await chat(sandbox.current, { messages: prompt(60), max_tokens: 40 });
	expect(JSON.parse(fits.text).usage.prompt_tokens).toBe(60);
});

it('one token more is refused, with the limit', async () => {
	const answer = await chat(sandbox.current, { messages: prompt(60), max_tokens: 41 });
	expect([answer.status, JSON.parse(answer.text).message]).toEqual([
		400,
		"This model's maximum context length is 100 tokens. However, you requested 101 tokens (60 in the messages, 41 in the completion).",
	]);
});

it('without naming the limit, where only the prompt counts', async () => {
	sandbox.current.settings.tooLong = 'unnamed';
	expect((await chat(sandbox.current, { messages: prompt(100) })).status).toBe(200);
	const answer = await chat(sandbox.current, { messages: prompt(101) });
	expect([answer.status, JSON.parse(answer.text).error.message]).toEqual([
		400,
		'the input length exceeds the context length',
	]);
});

it('or cut without a word', async () => {
	sandbox.current.settings.tooLong = 'cut';
	const answer = await chat(sandbox.current, { messages: prompt(500) });
	expect(contentOf(answer)).toContain('sandbox');
	expect(JSON.parse(answer.text).usage.prompt_tokens).toBe(100);
});
