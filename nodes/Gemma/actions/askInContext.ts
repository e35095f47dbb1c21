import { arrange } from '../conversation/arrange';
import { fitHistory, tokensOfTurns } from '../conversation/fitHistory';
import type { Turn } from '../conversation/turn';
import { asCaught, Caught } from '../failure';
import { tokensPerPicture } from '../gemma';
import { estimateTokens, SLACK } from '../tokens';
import type { TimeLimit } from '../transport/timeLimit';
import { askForData } from './askForData';
import { formatRule } from './format';
import { picturesIn, type Answer, type Question } from './question';
import type { Session } from './session';

/**
 * Asks a question with as much of its history as the model's context holds, and with less when the
 * server refuses that.
 *
 * @param own the item's own messages, the only ones in the question so far.
 * @throws Failure.
 */
export async function askInContext(
	session: Session,
	question: Question,
	own: Turn[],
	limit: TimeLimit,
	itemIndex: number | undefined,
): Promise<Answer> {
	const { model, options } = question;
	if (options.history.length === 0) return await askForData(session, question, limit);
	for (;;) {
		const context = session.contexts.of(model, options.contextTokens);
		const { kept, leftOut } = fitHistory(options.history, roomFor(question, own, context));
		question.conversation = inOrder(own, kept);
		const answer = await askForData(session, question, limit).catch(asCaught);
		if (!(answer instanceof Caught)) {
			if (leftOut > 0) session.hints.add(leftOutHint(leftOut, context), itemIndex);
			return answer;
		}
		const canBeShorter = kept.some(({ role }) => role !== 'system');
		if (!canBeShorter || !session.contexts.learn(answer.error, model, context)) throw answer.error;
	}
}

/** Own system messages first, then the history, then the item's own turns. */
export function inOrder(own: Turn[], history: Turn[]) {
	const isSystem = ({ role }: Turn) => role === 'system';
	return arrange([...own.filter(isSystem), ...history, ...own.filter((turn) => !isSystem(turn))]);
}

/** Tokens of the context that are left for the history. */
function roomFor(question: Question, own: Turn[], context: number) {
	const { model, options, format } = question;
	const reply = Math.min(options.sampling.max_tokens, context / 2);
	const seen = picturesIn(question) * tokensPerPicture(model);
	return context - reply - seen - tokensOfTurns(own) - estimateTokens(formatRule(format)) - SLACK;
}

const leftOutHint = (count: number, context: number) =>
	`The history does not fit into the context of ${context} tokens: its oldest messages were left out, ${count} of them. Set Context Size under Options if the server takes more.`;
