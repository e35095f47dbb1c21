import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { binaryField } from '../../fields/binary';
import { modelField } from '../../fields/model';
import { optionsField } from '../../fields/options';
import { simplifyField } from '../../fields/output';
import { scopeField } from '../../fields/scope';
import { takesAll } from '../scope';

/** Options about pictures and conversations. */
const WITHOUT = [
	'enableStreaming',
	'history',
	'imageDetail',
	'imageTransfer',
	'maxCrops',
	'systemPlacement',
];

const properties: INodeProperties[] = [
	modelField,
	{
		displayName: 'Source',
		name: 'source',
		type: 'options',
		default: 'text',
		description: 'Where the text comes from',
		options: [
			{
				name: 'Binary Field',
				value: 'binary',
				description:
					'A text file: TXT, Markdown, CSV or HTML. Of a PDF take the text with an Extract From File node first.',
			},
			{
				name: 'Text',
				value: 'text',
				description: 'What you write here, or an expression gives',
			},
		],
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. {{ $json.content }}',
		description:
			'The text to summarize, of any length: what is too long for the model is read in parts',
		displayOptions: { show: { source: ['text'] } },
	},
	binaryField('Input Data Field Name', 'Name of the binary field that holds the text file', {
		source: ['binary'],
	}),
	scopeField(
		'What one summary is about',
		'One digest of all items; the other fields are taken from the first item',
		'A summary for every item',
	),
	{
		displayName: 'Style',
		name: 'style',
		type: 'options',
		default: 'bullets',
		description: 'What form the summary has',
		options: [
			{
				name: 'Bullet Points',
				value: 'bullets',
				description: 'A list, one point a line',
			},
			{
				name: 'Custom',
				value: 'custom',
				description: 'As you say in an instruction',
			},
			{
				name: 'Headline and Teaser',
				value: 'headline',
				description: 'A headline, and under it one or two sentences',
			},
			{
				name: 'Paragraph',
				value: 'paragraph',
				description: 'Plain prose',
			},
		],
	},
	{
		displayName: 'Instruction',
		name: 'instruction',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Name every decision and who is to carry it out',
		description: 'How to summarize, and in what form',
		displayOptions: { show: { style: ['custom'] } },
	},
	{
		displayName: 'Length in Words',
		name: 'lengthInWords',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0, numberPrecision: 0 },
		description: 'About how many words the summary has; 0 leaves it to the model',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: '',
		placeholder: 'e.g. German',
		description: "The language of the summary; empty for the text's own",
	},
	{
		displayName: 'Focus',
		name: 'focus',
		type: 'string',
		default: '',
		placeholder: 'e.g. prices and dates',
		description: 'What matters most to you',
	},
	simplifyField,
	optionsField({ system: false, without: WITHOUT }),
];

export const description = updateDisplayOptions(
	{ show: { resource: ['text'], operation: ['summarize'] } },
	properties,
);

export { takesAll };
