import type { INodeProperties } from 'n8n-workflow';

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
