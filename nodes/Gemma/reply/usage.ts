import type { Completion, Usage } from '../transport/api';

/** A count of tokens, when it is one: some servers send words, null or nothing. */
export const tokenCount = (value: unknown): number | undefined =>
	typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/**
 * Adds the tokens of an earlier request for the same item to those of the one that counted. What a
 * server left out, or sent as no number, counts as none.
 */
export function addUsage(completion: Completion, earlier: Usage | undefined): Completion {
	if (!earlier) return completion;
	const { usage } = completion;
	return {
		...completion,
		usage: {
			...usage,
			prompt_tokens: sum(earlier.prompt_tokens, usage?.prompt_tokens),
			completion_tokens: sum(earlier.completion_tokens, usage?.completion_tokens),
			total_tokens: sum(earlier.total_tokens, usage?.total_tokens),
		},
	};
}

const sum = (one: unknown, other: unknown) => (tokenCount(one) ?? 0) + (tokenCount(other) ?? 0);
