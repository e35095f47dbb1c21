import { isBlank, type Conversation, type Turn } from './turn';

/** Stands before an assistant message that nothing precedes: the template wants a user first. */
const OPENING = '(The conversation begins with your own message, below.)';

/**
 * Puts messages into the order that Gemma's chat template accepts: system texts joined into one at
 * the front, neighbours of the same role joined with a blank line, blank ones dropped, a user turn
 * first. Nothing that has text is lost.
 */
export function arrange(messages: Turn[]): Conversation {
	const given = messages.filter(({ text }) => !isBlank(text));
	const system = given.filter(({ role }) => role === 'system').map(({ text }) => text);
	const turns: Conversation['turns'] = [];
	for (const { role, text } of given) {
		if (role === 'system') continue;
		const last = turns.at(-1);
		if (last?.role === role) last.text = `${last.text}\n\n${text}`;
		else turns.push({ role, text });
	}
	if (turns[0]?.role === 'assistant') turns.unshift({ role: 'user', text: OPENING });
	return { system: system.join('\n\n'), turns };
}
