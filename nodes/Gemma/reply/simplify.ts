import type { Completion } from '../transport/api';
import { splitReasoning } from './reasoning';

/** What a simplified reply holds: choice 0, and what it cost. */
export interface SimpleReply {
	text: string;
	reasoning?: string;
	model: string;
	finishReason: string | null;
	usage?: { promptTokens: number; completionTokens: number; totalTokens: number };
}

/** @param model the id that was asked, for servers that do not name one. */
export function simplify(completion: Completion, model: string): SimpleReply {
	const [choice] = completion.choices;
	const { usage } = completion;
	return {
		...splitReasoning(choice.message),
		model: completion.model || model,
		finishReason: choice.finish_reason,
		...(usage && {
			usage: {
				promptTokens: usage.prompt_tokens,
				completionTokens: usage.completion_tokens,
				totalTokens: usage.total_tokens,
			},
		}),
	};
}
