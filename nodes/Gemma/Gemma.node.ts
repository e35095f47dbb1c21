import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

import * as asset from './actions/asset';
import * as image from './actions/image';
import * as text from './actions/text';
import { methods } from './methods';

export class Gemma implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Gemma',
		name: 'gemma',
		icon: { light: 'file:gemma.svg', dark: 'file:gemma.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Send messages and images to Gemma models',
		defaults: { name: 'Gemma' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'gemmaApi', required: true, testedBy: 'testGemmaApi' }],
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				default: 'text',
				options: [
					{ name: 'Asset', value: 'asset' },
					{ name: 'Image', value: 'image' },
					{ name: 'Text', value: 'text' },
				],
			},
			...asset.description,
			...image.description,
			...text.description,
		],
	};

	methods = methods;

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { run } = await import('./actions/run.js');
		return [await run.call(this)];
	}
}
