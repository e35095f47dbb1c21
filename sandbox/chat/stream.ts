import type { Pieces } from '../reply';
import { sleep } from '../sleep';
import type { Completion } from './completion';

export interface Speed {
	firstTokenMs: number;
	tokensPerSecond: number;
}

type Delta = { role?: 'assistant'; content?: string | null };

/**
 * A completion as server-sent events, one piece an event: a first delta with the role, one delta
 * a token with the choices taking turns, the finish reasons, usage when asked for, `[DONE]`.
 */
export function toStream(completion: Completion, includeUsage: boolean, speed: Speed): Pieces {
	const { id, created, model, choices, usage } = completion;
	const event = (rest: object) =>
		`data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created, model, ...rest })}\n\n`;
	const delta = (index: number, content: Delta, finishReason: string | null = null) =>
		event({ choices: [{ index, delta: content, finish_reason: finishReason }] });
	const rounds = Math.max(...choices.map(({ tokens }) => tokens.length));

	return async function* pieces(signal) {
		for (const index of choices.keys()) yield delta(index, { role: 'assistant', content: null });
		// Each token is due at a time counted from the start, so that timers' delays do not add up.
		const start = performance.now() + speed.firstTokenMs;
		for (let round = 0; round < rounds; round += 1) {
			const due = start + (round / speed.tokensPerSecond) * 1000;
			await sleep(due - performance.now(), signal);
			for (const [index, { tokens }] of choices.entries()) {
				if (round < tokens.length) yield delta(index, { content: tokens[round] });
			}
		}
		for (const [index, { finishReason }] of choices.entries()) yield delta(index, {}, finishReason);
		if (includeUsage) yield event({ choices: [], usage });
		yield 'data: [DONE]\n\n';
	};
}
