import fc from 'fast-check';

import { compileSchema, schemaFromExample } from '../../nodes/Gemma/reply/schema';

const violations = async (schema: object, data: unknown): Promise<string[]> =>
	(await compileSchema(schema))(data);

const items = {
	type: 'object',
	properties: {
		items: {
			type: 'array',
			minItems: 1,
			items: {
				type: 'object',
				properties: { price: { type: 'number' }, name: { type: 'string' } },
				required: ['price'],
				additionalProperties: false,
			},
		},
	},
	required: ['items'],
};

it('data that fits has no violations', async () => {
	expect(await violations(items, { items: [{ price: 12.5, name: 'x' }, { price: 1 }] })).toEqual(
		[],
	);
});

it.each([
	[items, { items: [{ price: '12,50' }] }, '/items/0/price must be number, but is "12,50"'],
	[items, { items: [{}] }, '/items/0 must have the property "price"'],
	[items, { items: [{ price: 1, sum: 2 }] }, '/items/0 must not have the property "sum"'],
	[items, { items: [] }, '/items must have at least 1 entries, but is []'],
	[items, {}, 'The data must have the property "items"'],
	[items, [1], 'The data must be object, but is [1]'],
	[{ type: ['string', 'null'] }, 5, 'The data must be string or null, but is 5'],
	[{ enum: ['a', 'b', 3] }, 'c', 'The data must be one of "a", "b", 3, but is "c"'],
	[{ const: 'a' }, 'b', 'The data must be "a", but is "b"'],
	[{ format: 'date' }, '31.1.2024', 'The data must be in the format date, but is "31.1.2024"'],
	[{ maxItems: 1 }, [1, 2], 'The data must have at most 1 entries, but is [1,2]'],
	[{ minimum: 3 }, 2, 'The data must be >= 3, but is 2'],
	[{ uniqueItems: true }, [1, 2, 1], 'must have no two equal entries (0 and 2 are)'],
	[{ properties: { a: false } }, { a: 1 }, '/a must not be there, but is 1'],
	[{ not: { type: 'number' } }, 1, 'The data must NOT be valid, but is 1'],
	[{ oneOf: [true, true] }, 1, 'must fit only one of the schemas in oneOf'],
	[{ dependentRequired: { a: ['b'] } }, { a: 1 }, 'property "b", since it has "a"'],
	[{ unevaluatedProperties: false }, { a: 1 }, 'must not have the property "a"'],
	[{ propertyNames: { pattern: '^a' } }, { b: 1 }, 'The data: the property name "b" must match'],
])('%j says of %j: %s', async (schema, data, sentence) => {
	expect(await violations(schema, data)).toContainEqual(expect.stringContaining(sentence));
});

it.each([
	[{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'anyOf'],
	[{ oneOf: [{ type: 'string' }, { type: 'null' }] }, 'oneOf'],
])('a choice of schemas %j tells what each lacks', async (schema, keyword) => {
	expect(await violations(schema, 1)).toEqual([
		'The data must be string, but is 1',
		'The data must be null, but is 1',
		`The data must fit one of the schemas in ${keyword}, but is 1`,
	]);
});

it('a long value is shortened', async () => {
	const [sentence] = await violations({ type: 'number' }, 'x'.repeat(500));
	expect(sentence.length).toBeLessThan(140);
	expect(sentence).toContain('(502 characters)');
});

it('ten violations are told, the eleventh is not, and none twice', async () => {
	const numbers = { items: { type: 'number' } };
	expect(await violations(numbers, Array(10).fill('x'))).toHaveLength(10);
	expect(await violations(numbers, Array(11).fill('x'))).toHaveLength(10);
	const twice = { allOf: [{ type: 'number' }, { type: 'number' }] };
	expect(await violations(twice, 'x')).toHaveLength(1);
});

it('draft 2020-12 is the default, and draft-07 its own where $schema says so', async () => {
	const pair = { prefixItems: [{ type: 'number' }] };
	expect(await violations(pair, ['x'])).toHaveLength(1);
	const seven = 'http://json-schema.org/draft-07/schema#';
	expect(await violations({ $schema: seven, ...pair }, ['x'])).toEqual([]);
	expect(await violations({ $schema: seven, items: [{ type: 'number' }] }, ['x'])).toHaveLength(1);
	const twenty = 'https://json-schema.org/draft/2020-12/schema';
	expect(await violations({ $schema: twenty, ...pair }, ['x'])).toHaveLength(1);
	const nineteen = 'https://json-schema.org/draft/2019-09/schema';
	expect(
		await violations({ $schema: nineteen, dependentRequired: { a: ['b'] } }, { a: 1 }),
	).toHaveLength(1);
});

it('a $ref into the schema itself is followed', async () => {
	const tree = { $ref: '#/$defs/n', $defs: { n: { type: 'number' } } };
	expect(await violations(tree, 'x')).toEqual(['The data must be number, but is "x"']);
});

it('words and formats that are not known are let pass', async () => {
	expect(await violations({ 'x-note': 1, example: 2, format: 'postal-code' }, 'x')).toEqual([]);
});

it('a property that every object inherits counts only when the data has it', async () => {
	const schema = { required: ['toString'], properties: { constructor: { type: 'string' } } };
	expect(await violations(schema, {})).toEqual(['The data must have the property "toString"']);
});

it('one schema can be compiled twice, with an $id too', async () => {
	const schema = { $id: 'https://example.com/a', type: 'number' };
	expect(await violations(schema, 1)).toEqual([]);
	expect(await violations(schema, 'x')).toHaveLength(1);
});

describe('a schema that cannot be used', () => {
	const fetching = jest.spyOn(globalThis, 'fetch');

	it.each([
		[{ type: 'nubmer' }, 'is not a valid schema: /type must be'],
		[{ properties: { a: { type: 5 } } }, 'is not a valid schema: /properties/a/type must be'],
		[{ required: 'a' }, 'is not a valid schema: /required must be array, but is "a"'],
		[[], 'is not a valid schema: it must be object or boolean'],
		[{ pattern: '(' }, 'cannot be used: Invalid regular expression'],
		[{ $ref: 'https://example.com/x.json' }, 'refers to https://example.com/x.json'],
		[{ items: { $ref: '#/$defs/gone' } }, 'refers to #/$defs/gone, which it does not hold'],
		[{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'draft-04/schema#" as its $schema'],
		[{ $schema: 7 }, 'names "7" as its $schema'],
		[{ $async: true }, '$async'],
	])('%j is refused: %s', async (schema, why) => {
		await expect(compileSchema(schema)).rejects.toMatchObject({
			name: 'Failure',
			facts: { kind: 'input', field: 'JSON Schema' },
			message: expect.stringContaining(`JSON Schema `) as string,
			advice: expect.stringContaining('$defs') as string,
		});
		await expect(compileSchema(schema)).rejects.toThrow(why);
		expect(fetching).not.toHaveBeenCalled();
	});
});

describe('a schema from an example', () => {
	it.each<[unknown, object]>([
		['x', { type: 'string' }],
		[5, { type: 'number' }],
		[1.5, { type: 'number' }],
		[true, { type: 'boolean' }],
		[null, {}],
		[[], { type: 'array', items: {} }],
		[[1, 2], { type: 'array', items: { type: 'number' } }],
		[[1, 'x'], { type: 'array', items: { anyOf: [{ type: 'number' }, { type: 'string' }] } }],
		[[1, null], { type: 'array', items: {} }],
		[[[], [1]], { type: 'array', items: { type: 'array', items: { type: 'number' } } }],
		[{}, { type: 'object', properties: {}, required: [], additionalProperties: false }],
	])('%j becomes %j', (example, schema) => {
		expect(schemaFromExample(example)).toEqual(schema);
	});

	it('every name is required, none other allowed, and the types are those of the example', async () => {
		const schema = schemaFromExample({ total: 12, tags: ['x'], note: null });
		expect(await violations(schema, { total: 0.5, tags: [], note: { any: 1 } })).toEqual([]);
		expect(await violations(schema, { total: '1', tags: [1], note: 1, more: 2 })).toEqual([
			'The data must not have the property "more"',
			'/total must be number, but is "1"',
			'/tags/0 must be string, but is 1',
		]);
		expect(await violations(schema, { total: 1, tags: [] })).toEqual([
			'The data must have the property "note"',
		]);
	});

	it('of the entries of an array, what all have is required, and what one has is allowed', async () => {
		const schema = schemaFromExample([
			{ a: 1, b: 'x' },
			{ a: 2, c: [1] },
		]);
		expect(await violations(schema, [{ a: 1 }, { a: 1, b: 'y', c: [] }])).toEqual([]);
		expect(await violations(schema, [{ b: 'x' }, { a: 1, c: ['x'] }, { a: 1, d: 1 }])).toEqual([
			'/0 must have the property "a"',
			'/1/c/0 must be number, but is "x"',
			'/2 must not have the property "d"',
		]);
	});

	it('any example fits the schema made from it', async () => {
		// `__proto__` is no name that data from a model should have; the validator knows none such.
		const example = fc
			.jsonValue({ maxDepth: 4 })
			.filter((value) => !JSON.stringify(value).includes('__proto__'));
		await fc.assert(
			fc.asyncProperty(example, async (value) => {
				expect(await violations(schemaFromExample(value), value)).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});

	it('two examples in an array fit, whatever they are', async () => {
		const some = fc.dictionary(
			fc.constantFrom('a', 'b', 'toString'),
			fc.jsonValue({ maxDepth: 1 }),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(some, { maxLength: 4 }), async (values) => {
				expect(await violations(schemaFromExample(values), values)).toEqual([]);
			}),
			{ numRuns: 150 },
		);
	});
});
