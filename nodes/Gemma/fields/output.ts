import type { INodeProperties } from 'n8n-workflow';

const bySchema = { outputFormat: ['schema'] };

/** What form the reply is to have. */
export const formatFields: INodeProperties[] = [
	{
		displayName: 'Output Format',
		name: 'outputFormat',
		type: 'options',
		default: 'text',
		description: 'What form the reply has',
		options: [
			{
				name: 'JSON',
				value: 'json',
				description:
					'The reply as data, under "data", asked for once more when it is none; describe in the prompt what it is to hold',
			},
			{
				name: 'JSON by Schema',
				value: 'schema',
				description: 'Data that is checked: what does not fit is asked for once more, then refused',
			},
			{
				name: 'Text',
				value: 'text',
				description: 'The reply as the model writes it',
			},
		],
	},
	{
		displayName: 'Schema Type',
		name: 'schemaType',
		type: 'options',
		default: 'fromSchema',
		description: 'How you describe the data',
		options: [
			{
				name: 'Define Using JSON Schema',
				value: 'fromSchema',
				description: 'Names, types and limits, in JSON Schema',
			},
			{
				name: 'Generate From JSON Example',
				value: 'fromExample',
				description: 'The node reads names and types out of an example',
			},
		],
		displayOptions: { show: bySchema },
	},
	{
		displayName: 'JSON Schema',
		name: 'jsonSchema',
		type: 'json',
		default:
			'{\n  "type": "object",\n  "properties": {\n    "total": { "type": "number" },\n    "currency": { "type": "string" }\n  },\n  "required": ["total", "currency"]\n}',
		typeOptions: { rows: 8 },
		description: 'The schema that the data has to fit',
		displayOptions: { show: { ...bySchema, schemaType: ['fromSchema'] } },
	},
	{
		displayName: 'JSON Example',
		name: 'jsonExample',
		type: 'json',
		default: '{\n  "total": 12.5,\n  "currency": "EUR"\n}',
		typeOptions: { rows: 6 },
		description: 'An example of the data; every name in it is required, its values do not matter',
		displayOptions: { show: { ...bySchema, schemaType: ['fromExample'] } },
	},
];

export const simplifyField: INodeProperties = {
	displayName: 'Simplify Output',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};
