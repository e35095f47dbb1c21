import type { Ajv, ErrorObject, Options, ValidateFunction } from 'ajv';

import { asCaught, Caught, inputFailure, shown, type Failure } from '../failure';
import { violationOf } from './violation';

export { schemaFromExample } from './schemaFromExample';

/** More than a model can mend at once, or a person reads. */
const MOST_VIOLATIONS = 10;

const OPTIONS: Options = {
	strict: false,
	allErrors: true,
	/** Errors carry the value that they are about. */
	verbose: true,
	/** A property named `constructor` or `toString` is there only if the data has it. */
	ownProperties: true,
	/** Done before, by a validator that is kept: each would compile the draft's own schema again. */
	validateSchema: false,
	logger: false,
};

type Draft = '2020-12' | '2019-09' | '07';

/** For schemas themselves, by draft. They hold none of a user's schemas, whose `$id`s may clash. */
const schemaChecks = new Map<Draft, Ajv>();

/**
 * Makes a check from a JSON Schema, draft 2020-12 unless its `$schema` names 2019-09 or draft-07.
 * The check gives what does not fit, as sentences, at most 10; none when the data fits.
 *
 * @throws Failure of kind `input` for a schema that is not valid or cannot be compiled, such as one
 * with a `$ref` to another place: nothing is ever fetched.
 */
export async function compileSchema(schema: object): Promise<(data: unknown) => string[]> {
	const draft = draftOf('$schema' in schema ? schema.$schema : undefined);
	if ('$async' in schema) throw unusable('has $async, which no check of a reply can wait for');
	const check = await compiled(draft, schema).catch(asCaught);
	if (check instanceof Caught) throw unusable(reason(check.error));
	return (data) => (check(data) ? [] : sentences(check.errors));
}

async function compiled(draft: Draft, schema: object): Promise<ValidateFunction> {
	const schemaCheck = schemaChecks.get(draft) ?? (await validator(draft));
	schemaChecks.set(draft, schemaCheck);
	if (schemaCheck.validateSchema(schema) !== true) {
		const [first] = sentences(schemaCheck.errors);
		throw new Error(`is not a valid schema: ${first.replace(/^The data/, 'it')}`);
	}
	return (await validator(draft)).compile(schema);
}

/** Loaded when a schema is first used: the library is large, and most runs want plain text. */
async function validator(draft: Draft): Promise<Ajv> {
	const { default: addFormats } = await import('ajv-formats');
	const ajv = await bareValidator(draft);
	addFormats.default(ajv);
	return ajv;
}

async function bareValidator(draft: Draft): Promise<Ajv> {
	if (draft === '2020-12') {
		const { Ajv2020 } = await import('ajv/dist/2020.js');
		return new Ajv2020(OPTIONS);
	}
	if (draft === '2019-09') {
		const { Ajv2019 } = await import('ajv/dist/2019.js');
		return new Ajv2019(OPTIONS);
	}
	const { Ajv } = await import('ajv');
	return new Ajv(OPTIONS);
}

function draftOf(name: unknown): Draft {
	if (name === undefined) return '2020-12';
	const [, draft] =
		/^https?:\/\/json-schema\.org\/draft[-/](2020-12|2019-09|07)\/schema#?$/.exec(String(name)) ??
		[];
	if (draft === undefined) {
		throw unusable(`names "${shown(name)}" as its $schema, which is not known here`);
	}
	return draft as Draft;
}

const sentences = (errors: ErrorObject[] | null | undefined): string[] =>
	[...new Set((errors ?? []).map(violationOf))].slice(0, MOST_VIOLATIONS);

/** What keeps a schema from being compiled, in words that go on from its name. */
function reason(error: unknown): string {
	if (!(error instanceof Error)) return `cannot be used: ${shown(error)}`;
	if ('missingRef' in error) {
		return `refers to ${shown(error.missingRef)}, which it does not hold; nothing is fetched`;
	}
	return /^is not /.test(error.message) ? error.message : `cannot be used: ${error.message}`;
}

const unusable = (what: string): Failure =>
	inputFailure(
		'JSON Schema',
		`JSON Schema ${what}`,
		'Mend the schema: JSON Schema draft 2020-12, 2019-09 or draft-07, with every $ref pointing into the schema itself (#/$defs/…). Or set Schema Type to Generate From JSON Example.',
	);
