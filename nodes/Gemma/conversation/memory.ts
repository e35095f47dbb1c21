/** Names of LangChain's messages, short and as classes, and OpenAI's role for each. */
const ROLES: Record<string, string> = {
	human: 'user',
	HumanMessage: 'user',
	HumanMessageChunk: 'user',
	ai: 'assistant',
	AIMessage: 'assistant',
	AIMessageChunk: 'assistant',
	system: 'system',
	SystemMessage: 'system',
	SystemMessageChunk: 'system',
	tool: 'tool',
	ToolMessage: 'tool',
	function: 'function',
	FunctionMessage: 'function',
};

const roleOf = (name: unknown): string | undefined =>
	typeof name === 'string' && Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;

type Entry = Record<string, unknown>;

/**
 * The messages of a history in OpenAI's form, out of what n8n's chat memory gives: its Chat Memory
 * Manager simplified (`{ human, ai }`, one or several messages in an object, in order) or not
 * (LangChain's `{ lc, type: 'constructor', id, kwargs }`), and rows of a memory's database
 * (`{ type, data: { content } }`). What is none of these is given back as it is.
 */
export function fromMemory(entry: unknown): unknown[] {
	if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return [entry];
	const message = entry as Entry;
	if ('role' in message) return [message];
	return constructed(message) ?? stored(message) ?? simplified(message) ?? [message];
}

/** The messages of an object that holds a list of them. */
export function listOf(history: unknown): unknown {
	if (typeof history !== 'object' || history === null || Array.isArray(history)) return history;
	const { messages } = history as Entry;
	return Array.isArray(messages) ? messages : history;
}

function constructed({ type, id, kwargs }: Entry): unknown[] | undefined {
	const role = Array.isArray(id) ? roleOf(id.at(-1)) : undefined;
	if (type !== 'constructor' || !role) return undefined;
	return [{ role, content: (kwargs as Entry | undefined)?.content }];
}

function stored({ type, data, content }: Entry): unknown[] | undefined {
	const role = roleOf(type);
	if (!role) return undefined;
	return [{ role, content: (data as Entry | undefined)?.content ?? content }];
}

function simplified(entry: Entry): unknown[] | undefined {
	const messages = Object.entries(entry).map(([name, content]) => ({
		role: roleOf(name),
		content,
	}));
	return messages.length > 0 && messages.every(({ role }) => role) ? messages : undefined;
}
