import type { AssistantMessage, Completion, Usage } from '../../nodes/Gemma/transport/api';

/** A completion of one choice, as a server gives it. */
export const completionOf = (
	message: Partial<AssistantMessage> & Record<string, unknown>,
	more: { finishReason?: string | null; usage?: Usage; model?: string } = {},
): Completion => ({
	id: 'chatcmpl-1',
	object: 'chat.completion',
	created: 1_700_000_000,
	model: more.model ?? 'google/gemma-3-27b-it',
	choices: [
		{
			index: 0,
			message: { role: 'assistant', content: null, ...message },
			finish_reason: more.finishReason === undefined ? 'stop' : more.finishReason,
		},
	],
	...(more.usage && { usage: more.usage }),
});

export const usageOf = (prompt: number, completion: number): Usage => ({
	prompt_tokens: prompt,
	completion_tokens: completion,
	total_tokens: prompt + completion,
});
