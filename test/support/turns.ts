import fc from 'fast-check';
import type { Turn } from '../../nodes/Gemma/conversation/turn';
import type { ChatMessage, ImagePart, TextPart } from '../../nodes/Gemma/transport/api';

/** Bits that a parser may read more into than their author meant, and ordinary ones between. */
const BITS = [
	...['<', '<<', '>', '/', '|', '"', ' ', '\n', '\t', '\0', '\u00a0', '\u200b', '\u2060', '\ufeff'],
	...['\u034f', '\ufe0f', '\u3164', '\u00ad', '‹', 'img', 'IMG', 'ımg', 'İMG', 'audio', 'Video'],
	...['<img src="data:image/png;base64,AAAA" />', 'turn', 'start_of_turn', 'end_of_turn', 'image'],
	...[
		'<start_of_turn>',
		'<end_of_turn>',
		'<start_of_image>',
		'<bos>',
		'<|turn>',
		'<turn|>',
		'<|"|>',
	],
	...['a < b', '<b>', 'x', 'word', 'é', '🙂'],
];

/** Text made of anything that could matter to a parser. */
export const hostileText = fc.oneof(
	fc.array(fc.constantFrom(...BITS), { maxLength: 12 }).map((bits) => bits.join('')),
	fc.string({ unit: 'binary', maxLength: 20 }),
);

export const blankText = fc.constantFrom('', ' ', '\n', '\t \r\n', '\u00a0');

/** Rows as a user and the history may give them, in any order, blank ones among them. */
export const turnList: fc.Arbitrary<Turn[]> = fc.array(
	fc.record({
		role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
		text: fc.oneof({ weight: 3, arbitrary: hostileText }, { weight: 1, arbitrary: blankText }),
	}),
	{ maxLength: 10 },
);

/** All text of a message, without its pictures. */
export function textIn({ content }: ChatMessage): string {
	if (typeof content === 'string') return content;
	return content
		.filter((part): part is TextPart => part.type === 'text')
		.map(({ text }) => text)
		.join('');
}

/** What stands in the way of Gemma's chat template, as a server would say it; nothing when all is well. */
export function templateComplaints(messages: ChatMessage[]): string[] {
	const turns = messages[0]?.role === 'system' ? messages.slice(1) : messages;
	const lastUser = turns.findLastIndex(({ role }) => role === 'user');
	return [
		...turns.flatMap(({ role }, i) =>
			role === (i % 2 === 0 ? 'user' : 'assistant') ? [] : [`turn ${i} is of role ${role}`],
		),
		...messages.flatMap((message, i) => (textIn(message).trim() ? [] : [`message ${i} is blank`])),
		...messages.flatMap(({ role, content }, i) =>
			role === 'user' || typeof content === 'string' ? [] : [`message ${i} is no string`],
		),
		...turns.flatMap(({ content }, i) =>
			typeof content === 'string' || (i === lastUser && isPicturesThenText(content))
				? []
				: [`turn ${i} has parts out of place`],
		),
	];
}

function isPicturesThenText(parts: Array<ImagePart | TextPart>): boolean {
	const types = parts.map(({ type }) => type);
	return types.length > 1 && types.indexOf('text') === types.length - 1;
}
