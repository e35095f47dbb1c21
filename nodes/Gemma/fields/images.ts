import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import { binaryField } from './binary';

type Show = NonNullable<IDisplayOptions['show']>;

/** Where the pictures come from; `show` is the condition under which they are asked for at all. */
export function imageFields(show: Show = {}): INodeProperties[] {
	return [
		{
			displayName: 'Image Input',
			name: 'imageInput',
			type: 'options',
			default: 'binary',
			description: 'Where the pictures come from',
			options: [
				{
					name: 'All Binary Fields',
					value: 'allBinary',
					description:
						'Every binary field of the item that holds a picture, numbered ones in the order of their numbers',
				},
				{
					name: 'Asset(s)',
					value: 'asset',
					description: 'Pictures that the operation Upload Asset has uploaded to NVIDIA',
				},
				{
					name: 'Binary Field(s)',
					value: 'binary',
					description: 'The binary fields that you name',
				},
				{
					name: 'URL(s)',
					value: 'url',
					description: 'Web addresses that the node downloads from, or data URIs',
				},
			],
			displayOptions: { show },
		},
		{
			displayName: 'Asset ID(s)',
			name: 'assetIds',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.assetId }}',
			hint: 'NVIDIA only; some models no longer see assets',
			description: 'ID(s) of uploaded pictures, separated by commas; at most 10',
			displayOptions: { show: { ...show, imageInput: ['asset'] } },
		},
		binaryField(
			'Input Data Field Name(s)',
			'Names of the binary fields that hold the pictures, separated by commas',
			{ ...show, imageInput: ['binary'] },
		),
		{
			displayName: 'URL(s)',
			name: 'imageUrls',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://example.com/photo.jpg',
			hint: 'No credential is sent with the download',
			description:
				'Address(es) of the picture(s), separate multiple addresses with commas. At most 25 MB and 30 seconds each.',
			displayOptions: { show: { ...show, imageInput: ['url'] } },
		},
	];
}
