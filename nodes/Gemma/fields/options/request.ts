import type { INodeProperties } from 'n8n-workflow';

/** What a request holds beside its question, and whom it asks. */
export const REQUEST_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Additional Body',
		name: 'additionalBody',
		type: 'json',
		default: '{}',
		description:
			'A JSON object that is merged into the request last: it overrides other options, and null removes a field',
	},
	{
		displayName: 'Context Size (Tokens)',
		name: 'contextTokens',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0, numberPrecision: 0 },
		description:
			"How many tokens a request may take, prompt and reply together: a longer history is cut from its oldest message, a longer text is summarized in parts. 0 for as many as the model has; set it where your server was started with fewer, as Ollama's 4096.",
	},
	{
		displayName: 'Fallback Model',
		name: 'fallbackModel',
		type: 'string',
		default: '',
		placeholder: 'e.g. google/gemma-3-12b-it',
		description:
			'The ID of the model to ask when the first one is retired or unknown to the server',
	},
	{
		displayName: 'History',
		name: 'history',
		type: 'json',
		default: '[]',
		placeholder: 'e.g. [{"role": "user", "content": "Hello"}]',
		description:
			"Earlier messages of the conversation, as an array in OpenAI's form or as n8n's Chat Memory Manager gives them; they stand before this item's own, the oldest left out if all do not fit",
	},
	{
		displayName: 'Stream',
		name: 'stream',
		type: 'boolean',
		default: true,
		description:
			'Whether to receive the reply while it is written, which long replies need; the output is the same',
	},
	{
		displayName: 'System Placement',
		name: 'systemPlacement',
		type: 'options',
		default: 'auto',
		description: 'Where the system message goes',
		options: [
			{
				name: 'Auto',
				value: 'auto',
				description:
					'A message of its own, folded into the first user message if the server refuses that',
			},
			{
				name: 'Fold Into First User Message',
				value: 'user',
				description: 'For Gemma 2 and strict servers',
			},
			{
				name: 'System Message',
				value: 'system',
				description: 'Always a message of its own',
			},
		],
	},
];
