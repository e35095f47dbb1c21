import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';

/** Posts one chat request for each item through n8n's own request helper, one after the other. */
export class Helper implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Helper',
		name: 'helper',
		group: ['transform'],
		version: 1,
		description: 'Posts with httpRequestWithAuthentication',
		defaults: { name: 'Helper' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'gemmaApi', required: true }],
		properties: [
			{ displayName: 'URL', name: 'url', type: 'string', default: '' },
			{ displayName: 'Body', name: 'body', type: 'json', default: '{}' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const output: INodeExecutionData[] = [];
		for (const item of this.getInputData().keys()) {
			const json = (await this.helpers.httpRequestWithAuthentication.call(this, 'gemmaApi', {
				method: 'POST',
				url: this.getNodeParameter('url', item) as string,
				body: this.getNodeParameter('body', item) as object,
				json: true,
			})) as INodeExecutionData['json'];
			output.push({ json, pairedItem: { item } });
		}
		return [output];
	}
}
