import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

const properties: INodeProperties[] = [
	{
		displayName: 'Input Data Field Name(s)',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		placeholder: 'e.g. data',
		hint: 'The name of the input field containing the binary file data to be processed',
		description:
			'Names of the binary fields that hold the pictures, separated by commas; each becomes an asset, scaled as the model sees it',
		typeOptions: { binaryDataProperty: true },
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		placeholder: 'e.g. Front page of the catalogue',
		description:
			'What the asset is, to be read in the list of assets; what is no plain Latin letter, digit or sign becomes an underscore',
	},
];

export const description = updateDisplayOptions(
	{ show: { resource: ['asset'], operation: ['upload'] } },
	properties,
);
