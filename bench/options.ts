import { parseArgs } from 'node:util';

export interface Options {
	/** Ids of the benchmarks to run; all of them when it is missing. */
	only?: number[];
	quick: boolean;
}

/** @throws Error that says what is wrong with the arguments. */
export function readOptions(args: string[], known: number[]): Options {
	const { values } = parseArgs({
		args,
		options: { only: { type: 'string' }, quick: { type: 'boolean', default: false } },
	});
	const only = values.only?.split(',').map(Number);
	const unknown = only?.find((id) => !known.includes(id));
	if (unknown !== undefined) {
		throw new Error(`--only takes numbers out of ${known.join(', ')}, separated by commas`);
	}
	return { quick: values.quick, ...(only && { only }) };
}
