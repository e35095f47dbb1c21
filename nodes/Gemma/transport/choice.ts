import type { Choice } from './api';

type Fields = Record<string, unknown>;

/** The finish reason by which OpenRouter and others say that a reply failed in its middle. */
const ENDED_IN_ERROR = 'error';

const UNTOLD = 'The server ended the reply with an error and did not say which';

/** Whether a value of a reply is an object with fields. */
export const hasFields = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The text of a message's content, which some servers send as a list of parts or as a number.
 *
 * @returns null where there is none: for null, and for an object without text.
 */
export function contentText(content: unknown): string | null {
	if (Array.isArray(content)) return content.map((part) => partText(part) ?? '').join('');
	return partText(content);
}

/** Not recursive: a list may be nested deeper than the stack. */
function partText(part: unknown): string | null {
	const text = hasFields(part) ? part.text : part;
	if (typeof text === 'string') return text;
	return typeof text === 'number' || typeof text === 'boolean' ? String(text) : null;
}

/** Whether a field named `error` tells of one: some servers put an empty one beside a good reply. */
export const tellsError = (error: unknown): boolean =>
	typeof error === 'object' && error !== null ? Object.values(error).some(Boolean) : Boolean(error);

/** The error by which a choice ended, in the form of an error body; nothing for a good one. */
export function errorOf({ error, finish_reason: reason }: Fields): { error: unknown } | undefined {
	if (tellsError(error)) return { error };
	return reason === ENDED_IN_ERROR ? { error: UNTOLD } : undefined;
}

/** Fills in what a lenient server left out of a choice, and makes one text of its content. */
export function wholeChoice({ text, ...choice }: Fields, position: number): Choice {
	const message = hasFields(choice.message) ? choice.message : {};
	return {
		...choice,
		index: (choice.index as number | null | undefined) ?? position,
		// The older completions API has the text in the choice itself.
		message: { role: 'assistant', ...message, content: contentText(message.content ?? text) },
		finish_reason: (choice.finish_reason as string | null | undefined) ?? null,
	};
}
