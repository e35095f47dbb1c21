import type { Completion, Usage } from '../transport/api';

/**
 * Adds the tokens of an earlier request for the same item to those of the one that counted. What a
 * server left out counts as none.
 */
export function addUsage(completion: Completion, earlier: Usage | undefined): Completion {
	if (!earlier) return completion;
	const { usage } = completion;
	return {
		...completion,
		usage: {
			...usage,
			prompt_tokens: (earlier.prompt_tokens ?? 0) + (usage?.prompt_tokens ?? 0),
			completion_tokens: (earlier.completion_tokens ?? 0) + (usage?.completion_tokens ?? 0),
			total_tokens: (earlier.total_tokens ?? 0) + (usage?.total_tokens ?? 0),
		},
	};
}
