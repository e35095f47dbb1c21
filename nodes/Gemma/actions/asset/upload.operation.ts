import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

import { binaryField } from '../../fields/binary';

const properties: INodeProperties[] = [
	binaryField(
		'Input Data Field Name(s)',
		'Names of the binary fields that hold the pictures, separated by commas; each becomes an asset, scaled as the model sees it',
	),
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
