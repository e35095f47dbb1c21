import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import type { Turn } from '../../conversation/turn';
import { inputFailure, shown } from '../../failure';
import { imageFields } from '../../fields/images';
import { messagesField } from '../../fields/messages';
import { modelField } from '../../fields/model';
import { optionsField } from '../../fields/options';
import { formatFields, simplifyField } from '../../fields/output';
import { textOf } from '../../json';
import { chatInput } from '../chatInput';
import { booleanValue } from '../values';

const properties: INodeProperties[] = [
	modelField,
	messagesField,
	{
		displayName: 'Add Images',
		name: 'addImages',
		type: 'boolean',
		default: false,
		description: 'Whether to send pictures along with the last user message',
	},
	...imageFields({ addImages: [true] }),
	...formatFields,
	simplifyField,
	optionsField({ system: false }),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['text'], operation: ['message'] } },
	properties,
);

const ROLES = new Set(['system', 'user', 'assistant']);

/**
 * The item's own messages; without a prompt among them, the message of a Chat Trigger is it.
 *
 * @throws Failure of kind `input` when no user message has text.
 */
export function turns(this: IExecuteFunctions, itemIndex: number): Turn[] {
	const rows = this.getNodeParameter('messages.values', itemIndex, []) as Array<{
		role?: unknown;
		content?: unknown;
	}>;
	const given = rows.map(({ role, content }) => ({ role: roleOf(role), text: textOf(content) }));
	if (given.some(({ role, text }) => role === 'user' && text.trim() !== '')) return given;
	const prompt = chatInput(this, itemIndex);
	if (prompt !== '') return [...given, { role: 'user', text: prompt }];
	throw inputFailure(
		'Messages',
		'Messages holds no user message with text in it',
		'Write a prompt into a message with the role User; if it comes from an expression, look at what that gives for this item.',
	);
}

export function wantsPictures(this: IExecuteFunctions, itemIndex: number): boolean {
	return booleanValue('Add Images', this.getNodeParameter('addImages', itemIndex, false));
}

function roleOf(role: unknown): Turn['role'] {
	const name = role ?? 'user';
	if (typeof name === 'string' && ROLES.has(name)) return name as Turn['role'];
	throw inputFailure(
		'Role',
		`Role of a message holds "${shown(name)}"`,
		'Choose User, Assistant or System.',
	);
}
