import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import { description as asset } from '../../nodes/Gemma/actions/asset';
import { description as image } from '../../nodes/Gemma/actions/image';
import { description as text } from '../../nodes/Gemma/actions/text';
import { optionDefault, optionsField } from '../../nodes/Gemma/fields/options';

/** The choice of the operation, and the fields of this one. */
const fieldsOf = (fields: INodeProperties[], operation: string) =>
	fields.filter(
		({ name, displayOptions }) =>
			name === 'operation' || displayOptions?.show?.operation?.includes(operation),
	);
const message = fieldsOf(text, 'message');
const summarize = fieldsOf(text, 'summarize');
const operations = { 'text.message': message, 'image.analyze': image };
const namesOf = (fields: INodeProperties[]) => [...new Set(fields.map(({ name }) => name))];
const fieldOf = (fields: INodeProperties[], name: string) => {
	const found = fields.filter((field) => field.name === name);
	expect([name, found.length]).toEqual([name, 1]);
	return found[0];
};
/** A field with all that is inside it. */
const all = (field: INodeProperties): INodeProperties[] => [
	field,
	...((field.options ?? []) as Array<Partial<INodeProperties & INodePropertyCollection>>)
		.flatMap((inner) => inner.values ?? (inner.type ? [inner as INodeProperties] : []))
		.flatMap(all),
];
const everyField = [...asset, ...text, ...image].flatMap(all);
const sorted = (names: string[]) => [...names].sort((a, b) => a.localeCompare(b, 'en'));

describe('the operation message', () => {
	it('asks in the order that users of other nodes know', () => {
		expect(namesOf(message)).toEqual([
			...['operation', 'modelId', 'messages', 'addImages'],
			...['imageInput', 'assetIds', 'binaryPropertyName', 'imageUrls'],
			...['outputFormat', 'schemaType', 'jsonSchema', 'jsonExample', 'simplify', 'options'],
		]);
	});

	it('has one empty user message to begin with', () => {
		const messages = fieldOf(message, 'messages');
		expect(messages.type).toBe('fixedCollection');
		expect(messages.typeOptions).toMatchObject({ multipleValues: true, sortable: true });
		expect(messages.default).toEqual({ values: [{ role: 'user', content: '' }] });
		const [{ name, values }] = messages.options as INodePropertyCollection[];
		expect([name, sorted(namesOf(values))]).toEqual(['values', ['content', 'role']]);
		const roles = fieldOf(values, 'role').options as INodePropertyOptions[];
		expect(roles.map(({ value }) => value)).toEqual(['assistant', 'system', 'user']);
	});

	it('asks for pictures only when they are wanted', () => {
		expect(fieldOf(message, 'addImages').default).toBe(false);
		for (const name of ['imageInput', 'assetIds', 'binaryPropertyName', 'imageUrls']) {
			expect(fieldOf(message, name).displayOptions?.show).toMatchObject({ addImages: [true] });
		}
	});
});

describe('the operation analyze', () => {
	it('asks in the order that users of other nodes know', () => {
		expect(namesOf(image)).toEqual([
			...['operation', 'modelId', 'text', 'imageInput', 'assetIds', 'binaryPropertyName'],
			...['imageUrls', 'scope'],
			...['outputFormat', 'schemaType', 'jsonSchema', 'jsonExample', 'simplify', 'options'],
		]);
	});

	it('has a system message among its options, message has not', () => {
		const options = (fields: INodeProperties[]) =>
			namesOf(fieldOf(fields, 'options').options as INodeProperties[]);
		expect(options(image)).toContain('system');
		expect(options(message)).not.toContain('system');
	});
});

it('the operation summarize asks what is to be read, and then for what', () => {
	expect(namesOf(summarize)).toEqual([
		...['operation', 'modelId', 'source', 'text', 'binaryPropertyName', 'scope'],
		...['style', 'instruction', 'lengthInWords', 'language', 'focus', 'simplify', 'options'],
	]);
});

it('the operations of assets ask for nothing that has to do with a model', () => {
	expect(namesOf(asset)).toEqual([
		...['operation', 'assetNotice', 'deleteBy', 'assetId', 'olderThanHours'],
		...['returnAll', 'limit', 'binaryPropertyName', 'description'],
	]);
	for (const field of asset)
		expect(field.displayOptions?.show).toMatchObject({ resource: ['asset'] });
});

describe.each(Object.entries(operations))('%s', (name, fields) => {
	const [resource, operation] = name.split('.');

	it('is shown for its resource and operation only, and is the one to begin with', () => {
		expect(fieldOf(fields, 'operation')).toMatchObject({
			default: operation,
			displayOptions: { show: { resource: [resource] } },
		});
		for (const field of fields.filter((each) => each.name !== 'operation')) {
			expect(field.displayOptions?.show).toMatchObject({
				resource: [resource],
				operation: [operation],
			});
		}
	});

	it.each<[string, string, unknown]>([
		['imageInput', 'options', 'binary'],
		['binaryPropertyName', 'string', 'data'],
		['imageUrls', 'string', ''],
		['outputFormat', 'options', 'text'],
		['schemaType', 'options', 'fromSchema'],
		['simplify', 'boolean', true],
		['options', 'collection', {}],
	])('has %s of type %s with its default', (field, type, initial) => {
		expect(fieldOf(fields, field)).toMatchObject({ type, default: initial });
	});

	it('has the model from a list that can be searched, or by its id', () => {
		const model = fieldOf(fields, 'modelId');
		expect(model.type).toBe('resourceLocator');
		expect(model.default).toMatchObject({ mode: 'list', value: 'google/gemma-3-27b-it' });
		expect(model.modes?.map((mode) => mode.name)).toEqual(['list', 'id']);
		expect(model.modes?.[0].typeOptions).toEqual({
			searchListMethod: 'searchModels',
			searchable: true,
		});
	});

	it('asks for field names or addresses as the image input says', () => {
		const shownFor = (field: string) => fieldOf(fields, field).displayOptions?.show?.imageInput;
		expect(shownFor('binaryPropertyName')).toEqual(['binary']);
		expect(shownFor('imageUrls')).toEqual(['url']);
		expect(shownFor('assetIds')).toEqual(['asset']);
		expect(fieldOf(fields, 'binaryPropertyName').typeOptions?.binaryDataProperty).toBe(true);
	});
});

it.each<[string, string, unknown]>([
	['additionalBody', 'json', '{}'],
	['frequencyPenalty', 'number', 0],
	['concurrency', 'number', 8],
	['contextTokens', 'number', 0],
	['fallbackModel', 'string', ''],
	['history', 'json', '[]'],
	['includeInputFields', 'boolean', false],
	['maxRetries', 'number', 4],
	['outputField', 'string', ''],
	['requestsPerMinute', 'number', 0],
	['idleTimeout', 'number', 120],
	['imageDetail', 'options', 'auto'],
	['imageTransfer', 'options', 'auto'],
	['maxCrops', 'number', 4],
	['maxTokens', 'number', 512],
	['presencePenalty', 'number', 0],
	['seed', 'number', 0],
	['stop', 'string', ''],
	['stream', 'boolean', true],
	['systemPlacement', 'options', 'auto'],
	['temperature', 'number', 0.2],
	['timeout', 'number', 600],
	['topK', 'number', 64],
	['topP', 'number', 0.7],
])('the option %s is a %s and begins with %p', (name, type, initial) => {
	const option = fieldOf(optionsField({ system: false }).options as INodeProperties[], name);
	expect(option).toMatchObject({ type, default: initial });
	expect(optionDefault(name)).toEqual(initial);
});

it('an option that is not known has no default', () => {
	expect(optionDefault('nonsense')).toBeUndefined();
});

describe('every list', () => {
	it.each([true, false])('of options is sorted (system message: %p)', (system) => {
		const names = (optionsField({ system }).options as INodeProperties[]).map(
			({ displayName }) => displayName,
		);
		expect(names).toEqual(sorted(names));
	});

	it('of choices is sorted, and its default is one of them', () => {
		const lists = everyField.filter(({ type }) => type === 'options');
		expect(lists.length).toBeGreaterThan(5);
		for (const { name, options, default: initial } of lists) {
			const choices = options as INodePropertyOptions[];
			const names = choices.map((choice) => choice.name);
			expect([name, names]).toEqual([name, sorted(names)]);
			expect(choices.map(({ value }) => value)).toContain(initial);
		}
	});
});

describe('every field', () => {
	it('has a name and a display name, no name twice in one operation', () => {
		for (const fields of Object.values(operations)) {
			expect(namesOf(fields)).toHaveLength(fields.length);
		}
		for (const { name, displayName } of everyField) {
			expect([name, displayName]).toEqual([
				expect.stringMatching(/^[a-z][A-Za-z]*$/),
				expect.stringMatching(/^[A-Z]/),
			]);
		}
	});

	it('that is a switch says whether, and that takes an example begins it with e.g.', () => {
		for (const { name, type, description, placeholder } of everyField) {
			if (type === 'boolean')
				expect([name, description]).toEqual([name, expect.stringMatching(/^Whether /)]);
			if (type === 'string' && placeholder) expect(placeholder).toMatch(/^e\.g\. /);
		}
	});
});
