import { instanceOf, type Format } from './format';
import type { Message } from './messages';
import type { Picture } from './pictures';

const LONGEST_QUOTE = 80;

function quote(text: string): string {
	const characters = Array.from(text.replace(/\s+/g, ' ').trim());
	const isShort = characters.length <= LONGEST_QUOTE;
	return isShort ? characters.join('') : `${characters.slice(0, LONGEST_QUOTE).join('')}…`;
}

function describePicture({ format, width, height, bytes, colour }: Picture, index: number) {
	const kilobytes = (bytes / 1000).toFixed(1);
	return `Picture ${index + 1}: ${format}, ${width} x ${height}, ${kilobytes} kB, mainly ${colour}.`;
}

/**
 * The reply's text: honest about there being no model, and the same for the same request. In a
 * JSON format it says the same in fields, or gives the least value that fits the schema.
 */
export function toAnswer(messages: Message[], pictures: Picture[], format: Format): string {
	if (format.type === 'schema') return JSON.stringify(instanceOf(format.schema));
	const received = messages.map(({ role, text }) => ({ role, characters: text.length }));
	const lastUserText = quote(messages.findLast(({ role }) => role === 'user')?.text ?? '');
	if (format.type === 'json') {
		return JSON.stringify({ sandbox: true, messages: received, lastUserText, pictures });
	}
	const list = received.map(({ role, characters }) => `${role} (${characters} characters)`);
	return [
		'This is the sandbox, a stand-in for the API. It is not a model and understands nothing.',
		`Messages: ${list.join(', ')}.`,
		`Last user text: "${lastUserText}"`,
		...pictures.map(describePicture),
	].join('\n');
}
