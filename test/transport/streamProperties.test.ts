import fc from 'fast-check';
import { readCompletion } from '../../nodes/Gemma/transport/completionReply';
import { startTimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { delta, wholeCompletion } from '../support/events';
import { replyOf } from '../support/transport';

const limit = startTimeLimit({ timeoutSeconds: 60, idleSeconds: 60 });
afterAll(() => limit.end());

/** Any text: lone surrogates, line ends of every kind, controls, and what looks like an event. */
const anyText = fc.oneof(
	fc.string({ unit: 'binary' }),
	fc.string({
		unit: fc.constantFrom('\n', '\r', '\u2028', 'data: ', '[DONE]', '"', '😀', '\ud800'),
	}),
);

const usage = fc.record({
	prompt_tokens: fc.nat(),
	completion_tokens: fc.nat(),
	total_tokens: fc.nat(),
});

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');

/** Where a body of any length is cut, as fractions of it. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 });

function cutUp(bytes: Buffer, fractions: number[]): Buffer[] {
	const places = [0, ...fractions.map((part) => Math.floor(part * bytes.length)), bytes.length];
	places.sort((a, b) => a - b);
	return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

const single = (bytes: Buffer) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

interface Piece {
	text: string;
	choice: number;
	field: 'content' | 'reasoning_content';
}

const pieces = fc.array(
	fc.record<Piece>({
		text: anyText,
		choice: fc.constantFrom(0, 0, 0, 1),
		field: fc.constantFrom('content', 'content', 'reasoning_content'),
	}),
	{ maxLength: 20 },
);

const joined = (all: Piece[], choice: number, field: Piece['field']) =>
	all
		.filter((piece) => piece.choice === choice && piece.field === field)
		.map(({ text }) => text)
		.join('');

describe('whatever text a stream carries, and wherever the network cuts it,', () => {
	it('each choice has exactly the text of its deltas, and the usage is the server’s', async () => {
		await fc.assert(
			fc.asyncProperty(
				pieces,
				usage,
				lineEnd,
				fc.boolean(),
				fc.option(cuts),
				async (all, tokens, newline, comments, fractions) => {
					const chunks = [
						...all.map(({ text, choice, field }) => delta({ [field]: text }, null, choice)),
						delta({}, 'stop', 0),
						delta({}, 'length', 1),
						{ ...delta({}), choices: [], usage: tokens },
					];
					const body = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
						.map((data) => `${comments ? `: ping${newline}` : ''}data: ${data}`)
						.join(`${newline}${newline}`);
					const bytes = Buffer.from(`${body}${newline}${newline}`);
					const received = fractions === null ? single(bytes) : cutUp(bytes, fractions);
					const completion = await readCompletion(replyOf(received), limit);

					expect(completion.usage).toEqual(tokens);
					expect(completion.choices.map((choice) => choice.finish_reason)).toEqual([
						'stop',
						'length',
					]);
					for (const { index, message } of completion.choices) {
						expect(message.content ?? '').toBe(joined(all, index, 'content'));
						expect(message.reasoning_content ?? '').toBe(joined(all, index, 'reasoning_content'));
					}
				},
			),
			{ numRuns: 300 },
		);
	});

	it('cutting it off anywhere before its finish reason never gives half an answer', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(anyText, { minLength: 1, maxLength: 5 }),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				async (texts, fraction) => {
					const body = texts.map((text) => `data: ${JSON.stringify(delta({ content: text }))}\n\n`);
					const bytes = Buffer.from(body.join(''));
					const part = bytes.subarray(0, Math.floor(fraction * bytes.length));
					await expect(readCompletion(replyOf([part]), limit)).rejects.toMatchObject({
						facts: { kind: 'brokenReply' },
						...(part.includes('\n\n') && { transient: true }),
					});
				},
			),
			{ numRuns: 300 },
		);
	});
});

describe('whatever text a whole reply carries, and wherever the network cuts it,', () => {
	it('the text and the usage are exactly the server’s', async () => {
		await fc.assert(
			fc.asyncProperty(anyText, usage, fc.option(cuts), async (text, tokens, fractions) => {
				const bytes = Buffer.from(JSON.stringify(wholeCompletion(text, { usage: tokens })));
				const received = fractions === null ? single(bytes) : cutUp(bytes, fractions);
				const completion = await readCompletion(replyOf(received), limit);
				expect(completion.choices[0].message.content).toBe(text);
				expect(completion.usage).toEqual(tokens);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('whatever a server sends,', () => {
	it('the outcome is a completion or a typed failure', async () => {
		const anyValue = fc.jsonValue({ maxDepth: 4 });
		const almostChoice = fc.record(
			{
				index: anyValue,
				delta: fc.oneof(anyValue, fc.record({ content: anyValue, tool_calls: anyValue })),
				message: fc.oneof(anyValue, fc.record({ content: anyValue })),
				finish_reason: anyValue,
				logprobs: fc.oneof(anyValue, fc.record({ content: anyValue })),
			},
			{ requiredKeys: [] },
		);
		const almostChunk = fc.record(
			{
				choices: fc.oneof(anyValue, fc.array(almostChoice)),
				error: anyValue,
				usage: anyValue,
			},
			{ requiredKeys: [] },
		);
		const lines = fc.array(fc.oneof(anyValue, almostChunk), { maxLength: 5 });
		await fc.assert(
			fc.asyncProperty(lines, fc.boolean(), async (values, streamed) => {
				const text = streamed
					? values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join('')
					: JSON.stringify(values[0] ?? '');
				const outcome = await readCompletion(replyOf([Buffer.from(text)]), limit).catch(
					(error: unknown) => error,
				);
				expect(outcome).toMatchObject(
					outcome instanceof Error ? { name: 'Failure' } : { choices: expect.any(Array) },
				);
			}),
			{ numRuns: 500 },
		);
	});
});
