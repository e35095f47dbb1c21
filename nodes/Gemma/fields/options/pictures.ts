import type { INodeProperties } from 'n8n-workflow';

/** What Gemma 3's own image processor makes at most. */
const CROPS = 4;
/** With the whole page as many as a request can name assets; an A4 scan at 300 dpi is legible in them. */
const TILES = 9;
/** 32 crops and the whole picture cost 8448 tokens on Gemma 3. */
export const MOST_CROPS = 32;

/** The crops of one picture at most, where `maxCrops` is not set. */
export const mostCropsUnlessSet = (imageDetail: string): number =>
	imageDetail === 'page' ? TILES : CROPS;

/** How pictures are prepared and sent. */
export const PICTURE_OPTIONS: INodeProperties[] = [
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
		displayName: 'Max Crops',
		name: 'maxCrops',
		type: 'number',
		default: CROPS,
		typeOptions: { minValue: 1, maxValue: MOST_CROPS, numberPrecision: 0 },
		displayOptions: { show: { imageDetail: ['detailed', 'page'] } },
		description: `How many crops, or tiles of a page, may follow one picture, at 256 tokens each on Gemma 3. Without this option ${CROPS}, and ${TILES} with Image Detail set to Page.`,
	},
];
