import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

const properties: INodeProperties[] = [
	{
		displayName: 'Delete By',
		name: 'deleteBy',
		type: 'options',
		default: 'id',
		description: 'Which assets to delete',
		options: [
			{
				name: 'Age',
				value: 'age',
				description: 'All assets of this account that are older than some hours',
			},
			{
				name: 'ID',
				value: 'id',
				description: 'One asset',
			},
		],
	},
	{
		displayName: 'Asset ID',
		name: 'assetId',
		type: 'string',
		default: '',
		placeholder: 'e.g. 3f8c9f0e-5d1e-4c0a-9a51-0f5a4b7d2c11',
		description: 'ID of the asset, as Upload Asset gave it',
		displayOptions: { show: { deleteBy: ['id'] } },
	},
	{
		displayName: 'Older Than (Hours)',
		name: 'olderThanHours',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 1,
		description:
			'Assets younger than this stay: those of other runs that are at work now must not be taken from them',
		displayOptions: { show: { deleteBy: ['age'] } },
	},
];

export const description = updateDisplayOptions(
	{ show: { resource: ['asset'], operation: ['delete'] } },
	properties,
);
