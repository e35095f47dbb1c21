import type { INodeProperties } from 'n8n-workflow';

import * as remove from './delete.operation';
import * as getAll from './getAll.operation';
import * as upload from './upload.operation';

const show = { resource: ['asset'] };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'upload',
		displayOptions: { show },
		options: [
			{
				name: 'Delete Asset',
				value: 'delete',
				action: 'Delete asset',
				description: 'Delete one uploaded picture, or all that are older than some hours',
			},
			{
				name: 'Get Many',
				value: 'getAll',
				action: 'Get many assets',
				description: 'List the pictures that the account has uploaded',
			},
			{
				name: 'Upload Asset',
				value: 'upload',
				action: 'Upload asset',
				description: 'Upload a picture once, to ask about it in many prompts',
			},
		],
	},
	{
		displayName:
			'Assets exist on NVIDIA only, where they are on their way out: some models no longer see them, and NVIDIA deletes each after 24 hours. Pictures of a single prompt need none of this.',
		name: 'assetNotice',
		type: 'notice',
		default: '',
		displayOptions: { show },
	},
	...remove.description,
	...getAll.description,
	...upload.description,
];
