import type { Completion } from '../transport/api';
import { splitReasoning } from './reasoning';
import { tokenCount } from './usage';

/** What a simplified reply holds: choice 0, and what it cost. */
export interface SimpleReply {
	text: string;
	reasoning?: string;
	model: string;
	finishReason: string | null;
	/** The counts that the server gave. */
	usage?: { promptTokens?: number; completionTokens?: number; totalTokens?: number };
}

/** @param model the id that was asked, for servers that do not name one. */
export function simplify(completion: Completion, model: string): SimpleReply {
	const [choice] = completion.choices;
	const usage = simpleUsage(completion.usage);
	return {
		...splitReasoning(choice.message),
		model: completion.model || model,
		finishReason: choice.finish_reason,
		...(usage && { usage }),
	};
}

function simpleUsage(usage: Completion['usage']): SimpleReply['usage'] {
	const counts = {
		promptTokens: tokenCount(usage?.prompt_tokens),
		completionTokens: tokenCount(usage?.completion_tokens),
		totalTokens: tokenCount(usage?.total_tokens),
	};
	const given = Object.entries(counts).filter(([, count]) => count !== undefined);
	return given.length > 0 ? Object.fromEntries(given) : undefined;
}
