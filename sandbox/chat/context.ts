import { badRequest, Refusal } from '../refusal';
import { json } from '../reply';
import type { SandboxSettings } from '../settings';

/**
 * Whether the request fits into the context.
 *
 * @returns the tokens of the prompt that the model gets to see.
 * @throws Refusal 400 in the words of vLLM or Ollama.
 */
export function checkContext(
	prompt: number,
	maxTokens: number,
	{ contextTokens: limit, tooLong }: Pick<SandboxSettings, 'contextTokens' | 'tooLong'>,
): number {
	if (tooLong === 'cut') return Math.min(prompt, limit);
	if (tooLong === 'unnamed') {
		if (prompt <= limit) return prompt;
		throw badRequest('the input length exceeds the context length');
	}
	if (prompt + maxTokens <= limit) return prompt;
	const message =
		`This model's maximum context length is ${limit} tokens. However, you requested ` +
		`${prompt + maxTokens} tokens (${prompt} in the messages, ${maxTokens} in the completion).`;
	const error = { object: 'error', message, type: 'BadRequestError', param: null, code: 400 };
	throw new Refusal(json(400, error));
}
