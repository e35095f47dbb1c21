import type { INodeProperties } from 'n8n-workflow';

/** Pace, retries and time limits. */
export const RUN_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Concurrency',
		name: 'concurrency',
		type: 'number',
		default: 8,
		typeOptions: { minValue: 1, numberPrecision: 0 },
		description:
			'How many requests may be in flight at once. When the server says that it is too many, the node slows down by itself. Taken from the first item.',
	},
	{
		displayName: 'Idle Timeout',
		name: 'idleTimeout',
		type: 'number',
		default: 120,
		typeOptions: { minValue: 1 },
		description: 'Seconds that the server may be silent once its reply has begun',
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		default: 4,
		typeOptions: { minValue: 0, numberPrecision: 0 },
		description:
			'How often a request is sent again after a broken connection, a limit or a fault of the server',
	},
	{
		displayName: 'Requests per Minute',
		name: 'requestsPerMinute',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0 },
		description:
			'How many requests may start in a minute, evenly spread; 0 for as many as possible. Taken from the first item.',
	},
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		default: 600,
		typeOptions: { minValue: 1 },
		description: 'Seconds that one item may take in all, downloads, uploads and waiting included',
	},
];
