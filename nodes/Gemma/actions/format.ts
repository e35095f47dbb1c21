import type { IExecuteFunctions } from 'n8n-workflow';

import { inputFailure, shown } from '../failure';
import { parseJson } from '../json';
import { compileSchema, schemaFromExample } from '../reply/schema';
import { choiceValue, objectValue } from './values';

/** What form the reply is to have (`outputFormat`). */
export type Format =
	| { kind: 'text' }
	| { kind: 'json' }
	| {
			kind: 'schema';
			schema: Record<string, unknown>;
			/** What of the data does not fit, in sentences; none when all of it does. */
			violations: (data: unknown) => string[];
	  };

/** @throws Failure of kind `input` for a schema or an example that cannot be used. */
export async function readFormat(context: IExecuteFunctions, itemIndex: number): Promise<Format> {
	const parameter = (name: string, fallback: string): unknown =>
		context.getNodeParameter(name, itemIndex, fallback);
	const kind = choiceValue('Output Format', parameter('outputFormat', 'text'), [
		'text',
		'json',
		'schema',
	]);
	if (kind !== 'schema') return { kind };
	const type = choiceValue('Schema Type', parameter('schemaType', 'fromSchema'), [
		'fromSchema',
		'fromExample',
	]);
	const schema =
		type === 'fromSchema'
			? schemaValue(parameter('jsonSchema', ''))
			: schemaFromExample(exampleValue(parameter('jsonExample', '')));
	return { kind, schema, violations: await compileSchema(schema) };
}

/** The short rule that the prompt ends with; '' for plain text. */
export function formatRule(format: Format): string {
	if (format.kind === 'text') return '';
	if (format.kind === 'json') return 'Answer with one JSON object or array and nothing else.';
	const schema = JSON.stringify(format.schema);
	return `Answer with one JSON value that fits this JSON Schema, and nothing else:\n${schema}`;
}

const SCHEMA_EXAMPLE =
	'{"type": "object", "properties": {"total": {"type": "number"}}, "required": ["total"]}';

/** One of these is in every schema that says something, and hardly in the data that one describes. */
const KEYWORDS =
	/^(\$(ref|defs|schema)|type|properties|required|items|prefixItems|enum|const|(all|any|one)Of|not|if|definitions|(additional|pattern|min|max|unevaluated)Properties|(min|max)(imum|Items|Length)|pattern|format)$/;

/** @throws Failure of kind `input` also for an object that is no schema: it would let anything pass. */
function schemaValue(value: unknown): Record<string, unknown> {
	const schema = objectValue('JSON Schema', value, SCHEMA_EXAMPLE);
	if (Object.keys(schema).some((name) => KEYWORDS.test(name))) return schema;
	const isEmpty = Object.keys(schema).length === 0;
	throw inputFailure(
		'JSON Schema',
		isEmpty
			? 'JSON Schema is empty, so it would accept any data'
			: `JSON Schema holds "${shown(schema)}", which has no keyword of JSON Schema`,
		isEmpty
			? `Describe the data, for example ${SCHEMA_EXAMPLE}, or set Output Format to JSON.`
			: 'If it is an example of the data, set Schema Type to Generate From JSON Example.',
	);
}

function exampleValue(value: unknown): unknown {
	const example = typeof value === 'string' ? parseJson(value) : value;
	if (typeof example === 'object' && example !== null) return example;
	throw inputFailure(
		'JSON Example',
		`JSON Example holds "${shown(value)}", which is no JSON object or array`,
		'Give an example of the data, such as {"total": 12.5, "currency": "EUR"}, with double quotes around every name.',
	);
}
