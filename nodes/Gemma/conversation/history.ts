import { inputFailure, shown } from '../failure';
import { parseJson, textOf } from '../json';
import { fromMemory, listOf } from './memory';
import type { Role, Turn } from './turn';

const FIELD = 'History';
const EXAMPLE = '[{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]';

/** OpenAI's role names, and what each is to Gemma. */
const ROLES: Record<string, Role> = {
	system: 'system',
	developer: 'system',
	user: 'user',
	assistant: 'assistant',
};

/**
 * Earlier messages in OpenAI's form, or as n8n's chat memory gives them: an array by expression, an
 * object that holds one as `messages`, or the JSON of either.
 *
 * @throws Failure of kind `input`; for a single message it names the index, counted from 0.
 */
export function parseHistory(value: unknown): Turn[] {
	const history = listOf(typeof value === 'string' ? parsed(value) : value);
	if (history === undefined || history === null) return [];
	if (Array.isArray(history)) {
		// Items of a memory node may hold lists of their own.
		return history
			.flatMap(listOf)
			.flatMap((entry, index) => fromMemory(entry).map((message) => parseMessage(message, index)));
	}
	throw inputFailure(
		FIELD,
		`${FIELD} is not an array of messages: ${shown(history)}`,
		`Give an array in OpenAI's form: ${EXAMPLE}`,
	);
}

function parseMessage(message: unknown, index: number): Turn {
	const { role, content } = (message ?? {}) as { role?: unknown; content?: unknown };
	if (role === 'tool' || role === 'function') {
		throw inputFailure(
			FIELD,
			`Message ${index} of ${FIELD} has the role "${role}"`,
			'Gemma takes no tool messages: leave them out of the history.',
		);
	}
	if (typeof role !== 'string' || !Object.hasOwn(ROLES, role)) {
		throw inputFailure(
			FIELD,
			`Message ${index} of ${FIELD} has no role that is known: ${shown(message)}`,
			`Each message needs a role (system, user or assistant) and a content: ${EXAMPLE}`,
		);
	}
	return {
		role: ROLES[role],
		text: Array.isArray(content) ? joinParts(content, index) : textOf(content),
	};
}

function joinParts(parts: unknown[], index: number): string {
	return parts
		.map((part) => {
			const { type, text } = (part ?? {}) as { type?: unknown; text?: unknown };
			if (typeof part === 'string') return part;
			if (type === 'text' || type === 'input_text' || type === 'output_text') return textOf(text);
			throw inputFailure(
				FIELD,
				`Message ${index} of ${FIELD} holds a part that is not text: ${shown(part)}`,
				'The history takes text only; send pictures with the message itself.',
			);
		})
		.join('\n\n');
}

function parsed(text: string): unknown {
	if (text.trim() === '') return undefined;
	const value = parseJson(text);
	if (value !== undefined) return value;
	throw inputFailure(
		FIELD,
		`${FIELD} is not JSON: ${shown(text)}`,
		`Give an array in OpenAI's form: ${EXAMPLE}`,
	);
}
