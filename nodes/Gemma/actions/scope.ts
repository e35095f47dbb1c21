import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { choiceValue } from './values';

/** Asks whether the items are dealt with one by one or all together. */
export const scopeField = (about: string, all: string, each: string): INodeProperties => ({
	displayName: 'Scope',
	name: 'scope',
	type: 'options',
	default: 'each',
	description: about,
	options: [
		{
			name: 'All Items Together',
			value: 'all',
			description: all,
		},
		{
			name: 'Each Item',
			value: 'each',
			description: each,
		},
	],
});

/** Whether all items make one piece of work; as the first item says. @throws Failure of kind `input`. */
export const takesAll = (context: IExecuteFunctions): boolean =>
	choiceValue('Scope', context.getNodeParameter('scope', 0, 'each'), ['each', 'all']) === 'all';
