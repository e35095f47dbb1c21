import { inputFailure, shown } from '../failure';
import { parseJson } from '../json';

/** Values that come by expression may be anything; what cannot be meant is refused by name. */

interface Range {
	min?: number;
	/** The least value that is just not allowed. */
	above?: number;
	max?: number;
	integer?: boolean;
}

/** @throws Failure of kind `input` for anything but a number, or numeric text, in the range. */
export function numberValue(field: string, value: unknown, range: Range = {}): number {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	if (typeof number === 'number' && Number.isFinite(number) && isInRange(number, range))
		return number;
	throw inputFailure(
		field,
		`${field} holds ${describe(value)}, which is not ${wanted(range)}`,
		`Set ${field} to ${wanted(range)}.`,
	);
}

/** The same, and nothing when the option was not set. */
export function optionalNumber(
	field: string,
	value: unknown,
	range: Range = {},
): number | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	return numberValue(field, value, range);
}

/** @throws Failure of kind `input` for anything but true, false and their names. */
export function booleanValue(field: string, value: unknown): boolean {
	if (value === true || value === 'true') return true;
	if (value === false || value === 'false') return false;
	throw inputFailure(
		field,
		`${field} holds ${describe(value)}, which is neither true nor false`,
		`Set ${field} to true or false.`,
	);
}

/** @throws Failure of kind `input` for anything but one of `choices`. */
export function choiceValue<Choice extends string>(
	field: string,
	value: unknown,
	choices: readonly Choice[],
): Choice {
	const choice = choices.find((candidate) => candidate === value);
	if (choice !== undefined) return choice;
	throw inputFailure(
		field,
		`${field} holds ${describe(value)}`,
		`Set ${field} to one of: ${choices.join(', ')}.`,
	);
}

/**
 * An object by expression, or its JSON; an empty one for nothing.
 *
 * @param example of what the field may hold, as JSON.
 * @throws Failure of kind `input` for anything else.
 */
export function objectValue(
	field: string,
	value: unknown,
	example: string,
): Record<string, unknown> {
	if (value === undefined || value === null) return {};
	if (typeof value === 'string' && value.trim() === '') return {};
	const object = typeof value === 'string' ? parseJson(value) : value;
	if (typeof object === 'object' && object !== null && !Array.isArray(object)) {
		return object as Record<string, unknown>;
	}
	throw inputFailure(
		field,
		`${field} holds ${describe(value)}, which is not a JSON object`,
		`Write ${field} as an object, for example ${example}, with double quotes around every name.`,
	);
}

/** Comma-separated with `\n` for a line end, or an array, which is taken as it is. */
export function stopValue(value: unknown): string[] {
	const isText = (entry: unknown) => typeof entry === 'string' || typeof entry === 'number';
	if (Array.isArray(value) && value.every(isText)) return value.map(String);
	if (typeof value === 'object' && value !== null) {
		throw inputFailure(
			'Stop Sequences',
			`Stop Sequences holds ${Array.isArray(value) ? 'more than texts' : 'an object'}: ${shown(value)}`,
			'Give the sequences separated by commas, or by expression as an array of texts.',
		);
	}
	// A line end that came by expression is a sequence of its own: only blanks are trimmed.
	return String(value ?? '')
		.split(',')
		.map((sequence) => sequence.replace(/^[ \t]+|[ \t]+$/g, '').replace(/\\n/g, '\n'))
		.filter((sequence) => sequence !== '');
}

function isInRange(
	number: number,
	{ min = -Infinity, above = -Infinity, max = Infinity, integer }: Range,
) {
	return number >= min && number > above && number <= max && (!integer || Number.isInteger(number));
}

function wanted({ min, above, max, integer }: Range): string {
	const kind = integer ? 'a whole number' : 'a number';
	const lower =
		min === undefined ? (above === undefined ? '' : `above ${above}`) : `of at least ${min}`;
	const upper = max === undefined ? '' : `at most ${max}`;
	return [kind, [lower, upper].filter(Boolean).join(' and ')].filter(Boolean).join(' ');
}

const describe = (value: unknown) => (value === undefined ? 'nothing' : `"${shown(value)}"`);
