import type { Message } from './messages';

const CHARACTERS_A_TOKEN = 4;
/** `<bos>`, and the three tokens that open the model's turn. */
const TOKENS_AROUND = 4;
/** Start of turn, role, line end, end of turn, line end. */
const TOKENS_A_TURN = 5;
/** Gemma sees every picture as one square worth this many. */
export const TOKENS_A_PICTURE = 256;

/** Splits text into pieces of about a token's size, never inside a character. */
export function toTokens(text: string): string[] {
	const characters = Array.from(text);
	const tokens: string[] = [];
	for (let at = 0; at < characters.length; at += CHARACTERS_A_TOKEN) {
		tokens.push(characters.slice(at, at + CHARACTERS_A_TOKEN).join(''));
	}
	return tokens;
}

/** What the conversation costs. A system message has no turn of its own in Gemma's template. */
export function promptTokens(messages: Message[]): number {
	return messages.reduce((sum, { role, text, pictures }) => {
		const turn = role === 'system' ? 0 : TOKENS_A_TURN;
		return sum + turn + toTokens(text).length + pictures.length * TOKENS_A_PICTURE;
	}, TOKENS_AROUND);
}
