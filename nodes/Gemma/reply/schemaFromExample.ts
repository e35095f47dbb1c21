/**
 * A JSON Schema for data like an example: its types, with every name of an object required and no
 * other allowed. The entries of an array are taken together; a name that some of them lack is not
 * required. `null` and an empty array tell nothing, so anything goes there. Any number will do where
 * the example has one, whole or not.
 *
 * @param example a JSON value.
 */
export const schemaFromExample = (example: unknown): Record<string, unknown> => schemaOf([example]);

/** The schema that all the values fit. */
function schemaOf(values: unknown[]): Record<string, unknown> {
	if (values.length === 0 || values.includes(null)) return {};
	const arrays = values.filter((value) => Array.isArray(value));
	const objects = values.filter(isObject);
	const schemas: Array<Record<string, unknown>> = [...new Set(values.map((value) => typeof value))]
		.filter((type) => type !== 'object')
		.map((type) => ({ type }));
	if (arrays.length > 0) schemas.push({ type: 'array', items: schemaOf(arrays.flat()) });
	if (objects.length > 0) schemas.push(objectSchema(objects));
	return schemas.length === 1 ? schemas[0] : { anyOf: schemas };
}

function objectSchema(objects: Array<Record<string, unknown>>): Record<string, unknown> {
	const names = [...new Set(objects.flatMap(Object.keys))];
	const having = (name: string) => objects.filter((object) => Object.hasOwn(object, name));
	return {
		type: 'object',
		properties: Object.fromEntries(
			names.map((name) => [name, schemaOf(having(name).map((object) => object[name]))]),
		),
		required: names.filter((name) => having(name).length === objects.length),
		additionalProperties: false,
	};
}

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
