import { tokensPerPicture } from '../gemma';
import type { Completion } from '../transport/api';
import { splitReasoning } from './reasoning';

/** What was asked, as far as the hints about its reply need it. */
export interface Asked {
	model: string;
	pictures: number;
	maxTokens: number;
	/** Whether the context, and not an option, allowed no more tokens than these. */
	byContext?: boolean;
	/** Whether the pictures went as assets, which some models do not see. */
	byAsset: boolean;
	/** Whether they were up already, so that there is nothing to send inline. */
	given?: boolean;
}

/** Whether the prompt was too short to hold the pictures, so that the model never saw them. */
export function picturesUnseen(
	{ usage }: Completion,
	{ model, pictures }: Pick<Asked, 'model' | 'pictures'>,
): boolean {
	const tokens = usage?.prompt_tokens;
	return typeof tokens === 'number' && tokens > 0 && tokens < pictures * tokensPerPicture(model);
}

/** What a builder should know about a reply that succeeded; none for an ordinary one. */
export function replyHints(completion: Completion, asked: Asked): string[] {
	const [{ message, finish_reason: reason }] = completion.choices;
	const { text } = splitReasoning(message);
	const hints: string[] = [];
	if (reason === 'length') {
		const room = asked.byContext
			? 'raise Context Size (Tokens) under Options if the server holds more'
			: 'raise Maximum Number of Tokens under Options';
		hints.push(
			`The reply was cut off at ${asked.maxTokens} tokens: ${room}, or ask for a shorter answer.`,
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
	if (picturesUnseen(completion, asked)) hints.push(unseenHint(completion, asked));
	return hints;
}

function unseenHint({ usage }: Completion, { model, pictures, byAsset, given }: Asked): string {
	const what = pictures === 1 ? 'picture' : 'pictures';
	const why = `the prompt counted ${usage?.prompt_tokens} tokens, and a picture alone takes ${tokensPerPicture(model)}`;
	const inline = given
		? 'Some models no longer see assets: set Image Input to Binary Field(s) or URL(s).'
		: 'Set Image Transfer to Inline under Options.';
	const remedy = byAsset
		? inline
		: `Check that ${model} takes pictures on this server; Gemma 3 from 4B up and Gemma 4 do.`;
	return `The model probably did not see the ${what}: ${why}. ${remedy}`;
}
