import type { INodeProperties } from 'n8n-workflow';

/** Where the reply goes. */
export const OUTPUT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Include Input Fields',
		name: 'includeInputFields',
		type: 'boolean',
		default: false,
		description:
			"Whether to keep the item's own JSON and binary data beside the reply. Where both have a field of one name the reply's is kept; Output Field keeps them apart.",
	},
	{
		displayName: 'Output Field',
		name: 'outputField',
		type: 'string',
		default: '',
		placeholder: 'e.g. gemma',
		description: 'The one field to put the reply under, instead of at the top',
	},
	{
		displayName: 'Stream to Chat',
		name: 'enableStreaming',
		type: 'boolean',
		default: true,
		description:
			"Whether to show a text reply while it is written, when the trigger's response mode is Streaming",
	},
];
