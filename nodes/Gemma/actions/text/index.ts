import type { INodeProperties } from 'n8n-workflow';

import * as message from './message.operation';
import * as summarize from './summarize.operation';

export { message, summarize };

export const description: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: 'message',
		displayOptions: { show: { resource: ['text'] } },
		options: [
			{
				name: 'Message a Model',
				value: 'message',
				action: 'Message a model',
				description: 'Send one or several messages, with pictures if you like, and get the reply',
			},
			{
				name: 'Summarize Text',
				value: 'summarize',
				action: 'Summarize text',
				description: 'Summarize texts of any length, each by itself or all as one digest',
			},
		],
	},
	...message.description,
	...summarize.description,
];
