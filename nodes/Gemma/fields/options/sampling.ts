import type { INodeProperties } from 'n8n-workflow';

/** How the model chooses its words, and how many. */
export const SAMPLING_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Frequency Penalty',
		name: 'frequencyPenalty',
		type: 'number',
		default: 0,
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		description:
			'How strongly to avoid words that the reply has used often already. Hosted models may refuse it.',
	},
	{
		displayName: 'Maximum Number of Tokens',
		name: 'maxTokens',
		type: 'number',
		default: 512,
		typeOptions: { minValue: 1, numberPrecision: 0 },
		description: 'The longest reply, in tokens of about four characters; a longer one is cut off',
	},
	{
		displayName: 'Output Randomness (Temperature)',
		name: 'temperature',
		type: 'number',
		default: 0.2,
		typeOptions: { minValue: 0, maxValue: 2, numberPrecision: 2 },
		description: '0 for nearly the same reply each time, up to 2 for more varied ones',
	},
	{
		displayName: 'Output Randomness (Top P)',
		name: 'topP',
		type: 'number',
		default: 0.7,
		typeOptions: { minValue: 0.01, maxValue: 1, numberPrecision: 2 },
		description: 'The share of likely words that the model chooses from; above 0, at most 1',
	},
	{
		displayName: 'Presence Penalty',
		name: 'presencePenalty',
		type: 'number',
		default: 0,
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		description:
			'How strongly to avoid words that the reply has used at all. Hosted models may refuse it.',
	},
	{
		displayName: 'Seed',
		name: 'seed',
		type: 'number',
		default: 0,
		typeOptions: { numberPrecision: 0 },
		description: 'The same seed and request give the same reply, if the server supports it',
	},
	{
		displayName: 'Stop Sequences',
		name: 'stop',
		type: 'string',
		default: '',
		placeholder: 'e.g. END, \\n\\n',
		description: 'Texts that end the reply, separated by commas; \\n is a line end',
	},
	{
		displayName: 'Top K',
		name: 'topK',
		type: 'number',
		default: 64,
		typeOptions: { numberPrecision: 0 },
		description:
			'How many of the likeliest words the model chooses from. Hosted models may refuse it.',
	},
];
