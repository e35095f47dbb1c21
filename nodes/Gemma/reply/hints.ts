import { TOKENS_PER_PICTURE } from '../gemma';
import type { Completion } from '../transport/api';
import { splitReasoning } from './reasoning';

/** Whether the prompt was too short to hold the pictures, so that the model never saw them. */
export function picturesUnseen(completion: Completion, pictures: number): boolean {
	const tokens = completion.usage?.prompt_tokens;
	return (
		pictures > 0 &&
		typeof tokens === 'number' &&
		tokens > 0 &&
		tokens < pictures * TOKENS_PER_PICTURE
	);
}

/** What a builder should know about a reply that succeeded; none for an ordinary one. */
export function replyHints(
	completion: Completion,
	asked: { pictures: number; maxTokens: number },
): string[] {
	const [{ message, finish_reason: reason }] = completion.choices;
	const { text } = splitReasoning(message);
	const hints: string[] = [];
	if (reason === 'length') {
		hints.push(
			`The reply was cut off at ${asked.maxTokens} tokens: raise Maximum Number of Tokens under Options, or ask for a shorter answer.`,
		);
	} else if (text === '' && message.tool_calls?.length) {
		const names = message.tool_calls.map((call) => call.function?.name ?? 'unnamed').join(', ');
		hints.push(
			`The model answered with a tool call (${names}) and no text. This node runs no tools: tell the model in the prompt to answer in words, or switch Simplify Output off to read the call.`,
		);
	} else if (text === '') {
		hints.push(
			`The reply is empty (finish reason: ${reason ?? 'none'}). Rephrase the prompt, or remove stop sequences that match at once.`,
		);
	}
	if (picturesUnseen(completion, asked.pictures)) {
		hints.push(
			`The model probably did not see the ${asked.pictures === 1 ? 'picture' : 'pictures'}: the prompt counted ${completion.usage?.prompt_tokens} tokens, and a picture alone takes ${TOKENS_PER_PICTURE}. Pick a model that takes pictures, such as google/gemma-3-27b-it, or set Image Transfer to Inline under Options.`,
		);
	}
	return hints;
}
