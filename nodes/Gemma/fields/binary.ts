import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

/** Asks for the binary field, or fields, of the item. */
export const binaryField = (
	displayName: 'Input Data Field Name' | 'Input Data Field Name(s)',
	description: string,
	show?: IDisplayOptions['show'],
): INodeProperties => ({
	displayName,
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the binary file data to be processed',
	description,
	typeOptions: { binaryDataProperty: true },
	...(show && { displayOptions: { show } }),
});
