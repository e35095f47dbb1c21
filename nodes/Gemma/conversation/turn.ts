export type Role = 'system' | 'user' | 'assistant';

/** What a field or the history gives: one message, of any role, in any order. */
export interface Turn {
	role: Role;
	text: string;
}

/** What Gemma's chat template takes: one system text, then user and assistant in turns. */
export interface Conversation {
	/** '' when there is none. */
	system: string;
	/** Begins with a user turn; roles alternate; no text is blank. */
	turns: Array<{ role: 'user' | 'assistant'; text: string }>;
}

export const isBlank = (text: string): boolean => text.trim() === '';
