import type { ErrorObject } from 'ajv';

import { shown } from '../failure';

/** What stands in the way, for the keywords whose own words would puzzle a reader. */
const WORDS: Record<string, (params: Record<string, unknown>) => string> = {
	type: ({ type }) => `must be ${[type].flat().join(' or ')}`,
	enum: ({ allowedValues }) =>
		`must be one of ${shown((allowedValues as unknown[]).map(json).join(', '), 200)}`,
	const: ({ allowedValue }) => `must be ${shown(json(allowedValue))}`,
	format: ({ format }) => `must be in the format ${String(format)}`,
	minItems: ({ limit }) => `must have at least ${String(limit)} entries`,
	maxItems: ({ limit }) => `must have at most ${String(limit)} entries`,
	uniqueItems: ({ i, j }) => `must have no two equal entries (${String(j)} and ${String(i)} are)`,
	'false schema': () => 'must not be there',
	anyOf: () => 'must fit one of the schemas in anyOf',
	oneOf: ({ passingSchemas }) =>
		passingSchemas === null
			? 'must fit one of the schemas in oneOf'
			: 'must fit only one of the schemas in oneOf',
};

/** The keywords that ask after a name; the value of the object would not help. */
const NAMES: Record<string, (params: Record<string, unknown>) => string> = {
	required: ({ missingProperty }) => `must have the property ${json(missingProperty)}`,
	additionalProperties: ({ additionalProperty }) =>
		`must not have the property ${json(additionalProperty)}`,
	unevaluatedProperties: ({ unevaluatedProperty }) =>
		`must not have the property ${json(unevaluatedProperty)}`,
	dependentRequired: ({ property, missingProperty }) =>
		`must have the property ${json(missingProperty)}, since it has ${json(property)}`,
	propertyNames: ({ propertyName }) => `must not have a property named ${json(propertyName)}`,
};

/** What does not fit, for a model and a person: `/items/0/price must be number, but is "12,50"`. */
export function violationOf(error: ErrorObject): string {
	const { instancePath, keyword, params, propertyName, data } = error;
	const where = instancePath || 'The data';
	if (propertyName !== undefined) {
		return `${where}: the property name ${json(propertyName)} ${error.message ?? keyword}`;
	}
	const byName = NAMES[keyword]?.(params);
	if (byName !== undefined) return `${where} ${byName}`;
	const words = WORDS[keyword]?.(params) ?? error.message ?? `must fit ${keyword}`;
	return `${where} ${words}, but is ${shown(json(data))}`;
}

/** As JSON, so that the text "12" is told from the number. */
const json = (value: unknown): string => JSON.stringify(value) ?? String(value);
