import { randomUUID } from 'node:crypto';
import { toTokens } from './tokens';

export type FinishReason = 'stop' | 'length';

export interface Choice {
	tokens: string[];
	finishReason: FinishReason;
}

export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
}

/** One finished completion, before it is written as JSON or as a stream. */
export interface Completion {
	id: string;
	/** Seconds since 1970. */
	created: number;
	model: string;
	choices: Choice[];
	usage: Usage;
}

/** Cuts the answer at the first stop string, then at `maxTokens`. */
export function toChoice(answer: string, stop: string[], maxTokens: number): Choice {
	const ends = stop.map((text) => answer.indexOf(text)).filter((at) => at >= 0);
	const tokens = toTokens(answer.slice(0, Math.min(answer.length, ...ends)));
	return tokens.length > maxTokens
		? { tokens: tokens.slice(0, maxTokens), finishReason: 'length' }
		: { tokens, finishReason: 'stop' };
}

export function toCompletion(
	model: string,
	choices: Choice[],
	promptTokens: number,
	now: number,
): Completion {
	const completionTokens = choices.reduce((sum, { tokens }) => sum + tokens.length, 0);
	return {
		id: `chatcmpl-${randomUUID()}`,
		created: Math.floor(now / 1000),
		model,
		choices,
		usage: {
			prompt_tokens: promptTokens,
			completion_tokens: completionTokens,
			total_tokens: promptTokens + completionTokens,
		},
	};
}

/** The reply without a stream, in OpenAI's shape. */
export function toJsonBody({ id, created, model, choices, usage }: Completion) {
	return {
		id,
		object: 'chat.completion',
		created,
		model,
		choices: choices.map(({ tokens, finishReason }, index) => ({
			index,
			message: { role: 'assistant', content: tokens.join('') },
			finish_reason: finishReason,
		})),
		usage,
	};
}
