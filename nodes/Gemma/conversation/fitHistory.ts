import { estimateTokens } from '../tokens';
import { isBlank, type Turn } from './turn';

/** A history that fits, and how many of its messages had to go. */
export interface FittedHistory {
	kept: Turn[];
	leftOut: number;
}

/** Start of turn, role, line end, end of turn, line end. */
const TOKENS_A_TURN = 5;

export const tokensOfTurns = (turns: Turn[]): number =>
	turns.reduce((sum, { text }) => sum + TOKENS_A_TURN + estimateTokens(text), 0);

/**
 * Leaves out the oldest exchanges, a question and its answer each, until the rest takes no more
 * than so many tokens. System messages stay.
 */
export function fitHistory(history: Turn[], mostTokens: number): FittedHistory {
	const given = history.filter(({ text }) => !isBlank(text));
	const system = given.filter(({ role }) => role === 'system');
	const exchanges = exchangesOf(given.filter(({ role }) => role !== 'system'));
	let left = mostTokens - tokensOfTurns(system);
	let first = exchanges.length;
	while (first > 0 && tokensOfTurns(exchanges[first - 1]) <= left) {
		left -= tokensOfTurns(exchanges[--first]);
	}
	return {
		kept: [...system, ...exchanges.slice(first).flat()],
		leftOut: exchanges.slice(0, first).flat().length,
	};
}

/** Each begins with a user's message, but for the first if the history does not. */
function exchangesOf(turns: Turn[]): Turn[][] {
	const exchanges: Turn[][] = [];
	turns.forEach((turn, index) => {
		const opens = turn.role === 'user' && turns[index - 1]?.role !== 'user';
		if (index === 0 || opens) exchanges.push([turn]);
		else exchanges.at(-1)?.push(turn);
	});
	return exchanges;
}
