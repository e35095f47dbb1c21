import type { INodeProperties } from 'n8n-workflow';

import { OUTPUT_OPTIONS } from './output';
import { PICTURE_OPTIONS } from './pictures';
import { REQUEST_OPTIONS } from './request';
import { RUN_OPTIONS } from './run';
import { SAMPLING_OPTIONS } from './sampling';

const SYSTEM: INodeProperties = {
	displayName: 'System Message',
	name: 'system',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. You describe pictures for people who cannot see them',
	description: 'How the model should behave',
};

const OPTIONS = [
	...SAMPLING_OPTIONS,
	...PICTURE_OPTIONS,
	...REQUEST_OPTIONS,
	...RUN_OPTIONS,
	...OUTPUT_OPTIONS,
];

/** The default that the editor shows for an option; it also counts when the option is not added. */
export const optionDefault = (name: string): unknown =>
	OPTIONS.find((option) => option.name === name)?.default;

/** The options of an operation, in alphabetical order. */
export function optionsField(more: {
	/** A system message, where no message of the operation carries it. */
	system: boolean;
	/** Names of options that say nothing to this operation. */
	without?: readonly string[];
}): INodeProperties {
	const { system, without = [] } = more;
	const options = (system ? [...OPTIONS, SYSTEM] : OPTIONS).filter(
		({ name }) => !without.includes(name),
	);
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName, 'en')),
	};
}
