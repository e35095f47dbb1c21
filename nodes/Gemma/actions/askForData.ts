import { isBlank, type Conversation } from '../conversation/turn';
import { Failure } from '../failure';
import { parseJsonReply } from '../reply/jsonReply';
import { splitReasoning } from '../reply/reasoning';
import { addUsage } from '../reply/usage';
import type { Completion } from '../transport/api';
import type { TimeLimit } from '../transport/timeLimit';
import { ask } from './ask';
import { formatRule, type Format } from './format';
import type { Answer, Question } from './question';
import type { Session } from './session';

/**
 * Asks a question whose reply is to be data. A reply that does not fit is shown to the model once,
 * with exactly what is wrong with it.
 *
 * @throws Failure of kind `format` when the second reply does not fit either, or when the first
 * was cut off: asking again would be cut off again.
 */
export async function askForData(
	session: Session,
	question: Question,
	limit: TimeLimit,
): Promise<Answer> {
	const { format, conversation } = question;
	if (format.kind === 'text') return await ask(session, question, limit);
	question.conversation = withTurns(conversation, [], formatRule(format));
	const first = await ask(session, question, limit);
	const checked = await check(first.completion, question);
	if ('data' in checked) return { ...first, data: checked.data };
	if (isCutOff(first.completion)) throw notInForm(first.completion, checked.violations, question);
	question.conversation = withTurns(
		question.conversation,
		// A server refuses an empty message.
		isBlank(checked.text) ? [] : [{ role: 'assistant', text: checked.text }],
		correction(checked.violations),
	);
	const second = await ask(session, question, limit);
	const completion = addUsage(second.completion, first.completion.usage);
	const again = await check(completion, question);
	if ('data' in again) return { ...second, completion, data: again.data };
	throw notInForm(completion, again.violations, question);
}

type Checked = { data: unknown } | { text: string; violations: string[] };

async function check(completion: Completion, { format }: Question): Promise<Checked> {
	const { text } = splitReasoning(completion.choices[0].message);
	const parsed = await parseJsonReply(text, isCutOff(completion));
	if (!parsed.ok) return { text, violations: [parsed.why] };
	const violations = violationsOf(format, parsed.data);
	return violations.length === 0 ? { data: parsed.data } : { text, violations };
}

function violationsOf(format: Format, data: unknown): string[] {
	if (format.kind === 'schema') return format.violations(data);
	const isStructure = typeof data === 'object' && data !== null;
	return isStructure ? [] : ['The reply is a bare value, not a JSON object or array.'];
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
