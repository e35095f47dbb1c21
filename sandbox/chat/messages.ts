import { badRequest, extraInput } from '../refusal';
import type { SandboxSettings } from '../settings';
import { isObject, unknownKey, type JsonObject } from '../values';
import { parseMedia, toInlinePicture, type PictureReference } from './media';

export type Role = 'system' | 'user' | 'assistant';

export interface Message {
	role: Role;
	/** Without the media tags. */
	text: string;
	pictures: PictureReference[];
}

const ROLES: readonly unknown[] = ['system', 'user', 'assistant'];
const CONTROL_STRINGS = ['<start_of_turn>', '<end_of_turn>', '<start_of_image>'];

function checkText(text: string, index: number): void {
	const control = CONTROL_STRINGS.find((candidate) => text.includes(candidate));
	if (control !== undefined) {
		throw badRequest(
			`messages[${index}] holds Gemma's control string ${control}. ` +
				'The real API would let it through; this sandbox refuses it so that leaks are found.',
			'messages',
		);
	}
}

function readPart(part: unknown, index: number, at: number): string | PictureReference {
	const where = ['messages', String(index), 'content', String(at)];
	const refuse = (rule: string) => badRequest(`${where.join('.')}: ${rule}`, 'messages');
	if (!isObject(part)) throw refuse('a part must be an object');
	if (part.type === 'text') {
		const extra = unknownKey(part, ['type', 'text']);
		if (extra !== undefined) throw extraInput(...where, extra);
		if (typeof part.text !== 'string' || part.text === '') {
			throw refuse('text must be a non-empty string');
		}
		return part.text;
	}
	if (part.type !== 'image_url') throw refuse('type must be text or image_url');
	const { image_url: image } = part;
	if (!isObject(image) || typeof image.url !== 'string') throw refuse('image_url.url is missing');
	const extra = unknownKey(part, ['type', 'image_url']) ?? unknownKey(image, ['url']);
	if (extra !== undefined) throw extraInput(...where, extra);
	return toInlinePicture(image.url);
}

/** A list of parts. Tags in a part's text stay text: only string contents are parsed. */
function readParts(parts: unknown[], index: number): Omit<Message, 'role'> {
	if (parts.length === 0) throw badRequest(`messages[${index}].content is empty`, 'messages');
	const read = parts.map((part, at) => readPart(part, index, at));
	return {
		text: read.filter((item) => typeof item === 'string').join('\n'),
		pictures: read.filter((item) => typeof item !== 'string'),
	};
}

function readMessage(value: unknown, index: number, ignoresAssets: boolean): Message {
	const refuse = (rule: string) => badRequest(`messages[${index}]${rule}`, 'messages');
	if (!isObject(value)) throw refuse(' must be an object');
	const { role, content } = value as JsonObject & { role: Role };
	if (!ROLES.includes(role)) throw refuse('.role must be system, user or assistant');
	const extra = unknownKey(value, ['role', 'content']);
	if (extra !== undefined) throw extraInput('messages', String(index), extra);
	if (role === 'user' && Array.isArray(content)) {
		const message = { role, ...readParts(content, index) };
		checkText(message.text, index);
		return message;
	}
	if (typeof content !== 'string') {
		throw refuse(`.content must be a string${role === 'user' ? ' or a list of parts' : ''}`);
	}
	if (content.trim() === '') throw refuse('.content is empty');
	checkText(content, index);
	const { text, pictures } = parseMedia(content, ignoresAssets);
	if (pictures.length > 0 && role !== 'user') {
		throw refuse(`: images are only allowed in user messages, not in ${role} messages`);
	}
	return { role, text, pictures };
}

/** Gemma's chat template folds one leading system message into the first user turn. */
function checkOrder(messages: Message[]): void {
	const turns = messages[0].role === 'system' ? messages.slice(1) : messages;
	const alternates = turns.every(({ role }, at) => role === (at % 2 ? 'assistant' : 'user'));
	if (turns.length === 0 || !alternates) {
		throw badRequest(
			'Conversation roles must alternate user/assistant/user/assistant/...',
			'messages',
		);
	}
}

/**
 * Checks the conversation as Gemma's servers do.
 *
 * @throws Refusal 400, or 422 for keys that the schema does not know
 */
export function toMessages(value: unknown, settings: SandboxSettings): Message[] {
	if (!Array.isArray(value))
		throw badRequest('messages is required and must be a list', 'messages');
	if (value.length === 0) throw badRequest('messages must not be empty', 'messages');
	const messages = value.map((item, index) => readMessage(item, index, settings.ignoresAssets));
	checkOrder(messages);
	return messages;
}
