import type { INodeParameters } from 'n8n-workflow';

const BINARY = '={{ $json.names }}';

/** What a run does with its items; what differs by item comes by expression. */
const PARAMETERS = {
	message: {
		resource: 'text',
		messages: { values: [{ role: 'user', content: '={{ $json.text }}' }] },
	},
	data: {
		resource: 'text',
		messages: { values: [{ role: 'user', content: '={{ $json.text }}' }] },
		outputFormat: 'schema',
		jsonSchema: '={{ $json.schema }}',
	},
	summarize: { resource: 'text', operation: 'summarize', text: '={{ $json.text }}' },
	analyze: {
		resource: 'image',
		operation: 'analyze',
		text: '={{ $json.text }}',
		binaryPropertyName: BINARY,
	},
	/** The pictures are up already, as assets. */
	analyzeAssets: {
		resource: 'image',
		operation: 'analyze',
		text: '={{ $json.text }}',
		imageInput: 'asset',
		assetIds: '={{ $json.assetIds }}',
	},
} satisfies Record<string, INodeParameters>;

export type Operation = keyof typeof PARAMETERS;

export const parametersOf = (operation: Operation): INodeParameters => PARAMETERS[operation];

export const showsPictures = (operation: Operation) =>
	operation === 'analyze' || operation === 'analyzeAssets';

/** The data that an item asks for: the sandbox gives the least that fits, and no other item's does. */
export const dataOf = (id: string) => ({ id, of: ['one'] });

export const schemaOf = (id: string) => ({
	type: 'object',
	required: ['id', 'of'],
	properties: { id: { const: id }, of: { const: dataOf(id).of } },
});
