import { updateDisplayOptions, type IExecuteFunctions, type INodeProperties } from 'n8n-workflow';

import { isBlank, type Turn } from '../../conversation/turn';
import { inputFailure } from '../../failure';
import { imageFields } from '../../fields/images';
import { modelField } from '../../fields/model';
import { optionsField } from '../../fields/options';
import { formatFields, simplifyField } from '../../fields/output';
import { scopeField } from '../../fields/scope';
import { textOf } from '../../json';
import { chatInput } from '../chatInput';
import { takesAll } from '../scope';

const properties: INodeProperties[] = [
	modelField,
	{
		displayName: 'Text Input',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 2 },
		default: "What's in this image?",
		placeholder: "e.g. What's in this image?",
		description:
			'What you want to know about the picture(s). Left empty, the message of a Chat Trigger (chatInput) is the question.',
	},
	...imageFields(),
	scopeField(
		'What one question is about',
		'One question about the pictures of all items, numbered in their order; the other fields are taken from the first item',
		'A question for every item',
	),
	...formatFields,
	simplifyField,
	optionsField({ system: true }),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['image'], operation: ['analyze'] } },
	properties,
);

/**
 * The prompt, behind the system message of the options; the message of a Chat Trigger stands in for
 * an empty one.
 *
 * @throws Failure of kind `input` when both are empty.
 */
export function turns(this: IExecuteFunctions, itemIndex: number): Turn[] {
	const own = textOf(this.getNodeParameter('text', itemIndex, ''));
	const text = isBlank(own) ? chatInput(this, itemIndex) : own;
	if (isBlank(text)) {
		throw inputFailure(
			'Text Input',
			'Text Input is empty',
			'Write what you want to know about the picture; if it comes from an expression, look at what that gives for this item.',
		);
	}
	const system = textOf(this.getNodeParameter('options.system', itemIndex, ''));
	return [
		{ role: 'system', text: system },
		{ role: 'user', text },
	];
}

export { takesAll };

export function wantsPictures(): boolean {
	return true;
}
