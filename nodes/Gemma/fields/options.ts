import type { INodeProperties } from 'n8n-workflow';

const SYSTEM: INodeProperties = {
	displayName: 'System Message',
	name: 'system',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. You describe pictures for people who cannot see them',
	description: 'How the model should behave',
};

/** What Gemma 3's own image processor makes at most. */
const CROPS = 4;
/** With the whole page as many as a request can name assets; an A4 scan at 300 dpi is legible in them. */
const TILES = 9;
/** 32 crops and the whole picture cost 8448 tokens on Gemma 3. */
export const MOST_CROPS = 32;

/** The crops of one picture at most, where `maxCrops` is not set. */
export const mostCropsUnlessSet = (imageDetail: string): number =>
	imageDetail === 'page' ? TILES : CROPS;

const OPTIONS: INodeProperties[] = [
	{
		displayName: 'Additional Body',
		name: 'additionalBody',
		type: 'json',
		default: '{}',
		description:
			'A JSON object that is merged into the request last: it overrides other options, and null removes a field',
	},
	{
		displayName: 'Concurrency',
		name: 'concurrency',
		type: 'number',
		default: 8,
		typeOptions: { minValue: 1, numberPrecision: 0 },
		description:
			'How many requests may be in flight at once. When the server says that it is too many, the node slows down by itself. Taken from the first item.',
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
		displayName: 'Frequency Penalty',
		name: 'frequencyPenalty',
		type: 'number',
		default: 0,
		typeOptions: { minValue: -2, maxValue: 2, numberPrecision: 2 },
		description:
			'How strongly to avoid words that the reply has used often already. Hosted models may refuse it.',
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
		displayName: 'Idle Timeout',
		name: 'idleTimeout',
		type: 'number',
		default: 120,
		typeOptions: { minValue: 1 },
		description: 'Seconds that the server may be silent once its reply has begun',
	},
	{
		displayName: 'Image Detail',
		name: 'imageDetail',
		type: 'options',
		default: 'auto',
		description:
			'How pictures are prepared. On Gemma 3 each one that is sent costs 256 tokens of the prompt, crops and tiles too.',
		options: [
			{
				name: 'Auto',
				value: 'auto',
				description: 'Upright and scaled down to what the model sees, for a small and fast request',
			},
			{
				name: 'Detailed',
				value: 'detailed',
				description: `The whole picture, and 2 to ${CROPS} crops along its longer side unless it is nearly square: 768 to ${(CROPS + 1) * 256} tokens on Gemma 3`,
			},
			{
				name: 'Original',
				value: 'original',
				description: 'PNG and JPEG as they came; other formats are converted, nothing is scaled',
			},
			{
				name: 'Page',
				value: 'page',
				description: `For small print: the whole page or drawing, and at most ${TILES} overlapping tiles of it. An A4 scan at 200 dpi takes 6 tiles, so 1792 tokens on Gemma 3.`,
			},
		],
	},
	{
		displayName: 'Image Transfer',
		name: 'imageTransfer',
		type: 'options',
		default: 'auto',
		description:
			"How pictures are sent to NVIDIA's API; other servers always get them inside the request",
		options: [
			{
				name: 'Asset',
				value: 'asset',
				description: 'Uploaded before the request, deleted after it; at most 10 in a request',
			},
			{
				name: 'Auto',
				value: 'auto',
				description: 'Inline where it fits; else as an asset, or whichever of the two works',
			},
			{
				name: 'Inline',
				value: 'inline',
				description: 'Inside the request',
			},
		],
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
		displayName: 'Include Input Fields',
		name: 'includeInputFields',
		type: 'boolean',
		default: false,
		description: "Whether to keep the item's own JSON and binary data beside the reply",
	},
	{
		displayName: 'Max Crops',
		name: 'maxCrops',
		type: 'number',
		default: CROPS,
		typeOptions: { minValue: 1, maxValue: MOST_CROPS, numberPrecision: 0 },
		displayOptions: { show: { imageDetail: ['detailed', 'page'] } },
		description: `How many crops, or tiles of a page, may follow one picture, at 256 tokens each on Gemma 3. Without this option ${CROPS}, and ${TILES} with Image Detail set to Page.`,
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		default: 4,
		typeOptions: { minValue: 0, numberPrecision: 0 },
		description:
			'How often a request is sent again after a broken connection, a limit or a fault of the server',
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
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0 },
		description:
			'How many requests may start in a minute, evenly spread; 0 for as many as possible. Taken from the first item.',
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
		displayName: 'Stream',
		name: 'stream',
		type: 'boolean',
		default: true,
		description:
			'Whether to receive the reply while it is written, which long replies need; the output is the same',
	},
	{
		displayName: 'Stream to Chat',
		name: 'enableStreaming',
		type: 'boolean',
		default: true,
		description:
			"Whether to show a text reply while it is written, when the trigger's response mode is Streaming",
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
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		default: 600,
		typeOptions: { minValue: 1 },
		description: 'Seconds that one item may take in all, downloads, uploads and waiting included',
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

/** The default that the editor shows for an option; it also counts when the option is not added. */
export const optionDefault = (name: string): unknown =>
	OPTIONS.find((option) => option.name === name)?.default;

/** The options of an operation, in alphabetical order. */
export function optionsField(more: {
	/** A system message, where no message of the operation carries it. */
	system: boolean;
	/** Names of options that say nothing to this operation. */
	without?: readonly string[];
}): INodeProperties {
	const { system, without = [] } = more;
	const options = (system ? [...OPTIONS, SYSTEM] : OPTIONS).filter(
		({ name }) => !without.includes(name),
	);
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}
