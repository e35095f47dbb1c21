import { badRequest } from '../refusal';
import { isObject, type JsonObject } from '../values';

/** What the reply has to be: prose, any JSON object, or JSON that a schema describes. */
export type Format = { type: 'text' } | { type: 'json' } | { type: 'schema'; schema: JsonObject };

function refuse(rule: string) {
	return badRequest(`response_format ${rule}`, 'response_format');
}

/**
 * Reads `response_format`, or `guided_json`, which is a schema by itself.
 *
 * @throws Refusal 400
 */
export function toFormat(responseFormat: unknown, guidedJson: unknown): Format {
	if (guidedJson !== undefined) {
		if (!isObject(guidedJson)) throw badRequest('guided_json must be a schema', 'guided_json');
		return { type: 'schema', schema: guidedJson };
	}
	if (responseFormat === undefined) return { type: 'text' };
	if (!isObject(responseFormat)) throw refuse('must be an object');
	switch (responseFormat.type) {
		case 'text':
			return { type: 'text' };
		case 'json_object':
			return { type: 'json' };
		case 'json_schema': {
			const { json_schema: named } = responseFormat;
			if (!isObject(named) || typeof named.name !== 'string' || !isObject(named.schema)) {
				throw refuse('must hold json_schema with a name and a schema');
			}
			return { type: 'schema', schema: named.schema };
		}
		default:
			throw refuse('type must be text, json_object or json_schema');
	}
}

/** The least value that a schema admits; knows what hand-written schemas mostly use. */
export function instanceOf(schema: unknown): unknown {
	if (!isObject(schema)) return null;
	if ('const' in schema) return schema.const;
	if (Array.isArray(schema.enum)) return schema.enum[0];
	const branches = schema.anyOf ?? schema.oneOf;
	if (Array.isArray(branches)) return instanceOf(branches[0]);
	const type: unknown = Array.isArray(schema.type) ? schema.type[0] : schema.type;
	switch (type) {
		case 'string':
			return 'sandbox'.padEnd(Number(schema.minLength ?? 0), '.');
		case 'number':
		case 'integer':
			return schema.minimum ?? 0;
		case 'boolean':
			return false;
		case 'null':
			return null;
		case 'array':
			return Array.from({ length: Number(schema.minItems ?? 0) }, () => instanceOf(schema.items));
		default: {
			const properties = isObject(schema.properties) ? schema.properties : {};
			return Object.fromEntries(
				Object.entries(properties).map(([name, property]) => [name, instanceOf(property)]),
			);
		}
	}
}
