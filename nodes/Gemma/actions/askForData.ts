import type { Conversation } from '../conversation/turn';
import { Failure } from '../failure';
import { parseJsonReply } from '../reply/jsonReply';
import { splitReasoning } from '../reply/reasoning';
import { addUsage } from '../reply/usage';
import type { Completion } from '../transport/api';
import type { TimeLimit } from '../transport/timeLimit';
import { ask } from './ask';
import { formatRule } from './format';
import type { Question } from './question';
import type { Session } from './session';

/** A completion and, where a form was asked for, the data that it holds. */
export interface Answered {
	completion: Completion;
	data?: unknown;
}

/**
 * Asks a question whose reply is to be data. A reply that does not fit is shown to the model once,
 * with exactly what is wrong with it.
 *
 * @returns the last completion; its usage counts both requests.
 * @throws Failure of kind `format` when the second reply does not fit either, or when the first
 * was cut off: asking again would be cut off again.
 */
export async function askForData(
	session: Session,
	question: Question,
	limit: TimeLimit,
): Promise<Answered> {
	const { format, conversation } = question;
	if (format.kind === 'text') return { completion: await ask(session, question, limit) };
	question.conversation = withTurns(conversation, [], formatRule(format));
	const first = await ask(session, question, limit);
	const checked = await check(first, question);
	if ('data' in checked) return { completion: first, data: checked.data };
	if (isCutOff(first)) throw notInForm(first, checked.violations, question);
	question.conversation = withTurns(
		question.conversation,
		[{ role: 'assistant', text: checked.text }],
		correction(checked.violations),
	);
	const second = addUsage(await ask(session, question, limit), first.usage);
	const again = await check(second, question);
	if ('data' in again) return { completion: second, data: again.data };
	throw notInForm(second, again.violations, question);
}

type Checked = { data: unknown } | { text: string; violations: string[] };

async function check(completion: Completion, { format }: Question): Promise<Checked> {
	const { text } = splitReasoning(completion.choices[0].message);
	const parsed = await parseJsonReply(text, isCutOff(completion));
	if (!parsed.ok) return { text, violations: [parsed.why] };
	const violations = format.kind === 'schema' ? format.violations(parsed.data) : [];
	return violations.length === 0 ? { data: parsed.data } : { text, violations };
}

const isCutOff = ({ choices: [choice] }: Completion) => choice.finish_reason === 'length';

/** The conversation with more turns, and text added to its last user turn. */
function withTurns(
	{ system, turns }: Conversation,
	more: Conversation['turns'],
	text: string,
): Conversation {
	const all = [...turns, ...more].map((turn) => ({ ...turn }));
	const last = all.at(-1);
	if (last?.role === 'user') last.text = `${last.text}\n\n${text}`;
	else all.push({ role: 'user', text });
	return { system, turns: all };
}

const correction = (violations: string[]) =>
	`That reply cannot be used:\n${violations.map((violation) => `- ${violation}`).join('\n')}\nAnswer again, with the whole corrected JSON and nothing else.`;

function notInForm(completion: Completion, violations: string[], { options }: Question): Failure {
	const { text } = splitReasoning(completion.choices[0].message);
	const isCut = isCutOff(completion);
	return new Failure(
		{ kind: 'format', text },
		isCut
			? `The reply was cut off at ${options.sampling.max_tokens} tokens before its JSON was whole`
			: `The reply is not in the form that was asked for: ${violations.join('; ')}`,
		isCut
			? 'Raise Maximum Number of Tokens under Options, or ask for less data.'
			: "Describe the data more plainly in the prompt, loosen the schema, or use a larger model. With On Error set to 'Continue' the item holds the raw reply under text.",
	);
}
