import fc from 'fast-check';
import {
	booleanValue,
	choiceValue,
	numberValue,
	objectValue,
	optionalNumber,
	stopValue,
} from '../../nodes/Gemma/actions/values';
import { failureOf } from '../support/failure';

const TOKENS = { min: 1, integer: true };
const TOP_P = { above: 0, max: 1 };
const PENALTY = { min: -2, max: 2 };

describe('a number', () => {
	it.each<[unknown, number]>([
		[7, 7],
		['7', 7],
		[' 0.5\n', 0.5],
		['-1', -1],
		['1e3', 1000],
		[0, 0],
		['0', 0],
	])('may come as %p', (value, number) => {
		expect(numberValue('Seed', value)).toBe(number);
	});

	it.each<[unknown, string]>([
		['', '""'],
		['  ', '""'],
		['many', '"many"'],
		['7 tokens', '"7 tokens"'],
		['1,5', '"1,5"'],
		[NaN, '"NaN"'],
		[Infinity, '"Infinity"'],
		['Infinity', '"Infinity"'],
		[true, '"true"'],
		[null, '"null"'],
		[undefined, 'nothing'],
		[[7], '"[7]"'],
		[{ value: 7 }, '"{"value":7}"'],
	])('is not %p, and the error shows it', (value, shown) => {
		const failure = failureOf(() => numberValue('Seed', value));
		expect(failure.message).toBe(`Seed holds ${shown}, which is not a number`);
		expect(failure.advice).toBe('Set Seed to a number.');
		expect(failure.facts).toEqual({ kind: 'input', field: 'Seed' });
	});

	it.each<[object, number, boolean]>([
		[TOKENS, 1, true],
		[TOKENS, 0, false],
		[TOKENS, -1, false],
		[TOKENS, 1.5, false],
		[TOKENS, 1e6, true],
		[TOP_P, 0, false],
		[TOP_P, 0.001, true],
		[TOP_P, 1, true],
		[TOP_P, 1.001, false],
		[PENALTY, -2, true],
		[PENALTY, 2, true],
		[PENALTY, -2.01, false],
		[PENALTY, 2.01, false],
		[{ above: 0 }, 0, false],
		[{ above: 0 }, 0.1, true],
		[{}, -1e9, true],
	])('within %p: %p is allowed: %p', (range, value, allowed) => {
		for (const given of [value, String(value)]) {
			if (allowed) expect(numberValue('Option', given, range)).toBe(value);
			else expect(failureOf(() => numberValue('Option', given, range)).message).toContain('Option');
		}
	});

	it.each<[object, string]>([
		[TOKENS, 'a whole number of at least 1'],
		[TOP_P, 'a number above 0 and at most 1'],
		[PENALTY, 'a number of at least -2 and at most 2'],
		[{ max: 2 }, 'a number at most 2'],
		[{ integer: true }, 'a whole number'],
	])('outside %p is told what it should be', (range, wanted) => {
		const { message, advice } = failureOf(() => numberValue('Option', 'x', range));
		expect(message).toBe(`Option holds "x", which is not ${wanted}`);
		expect(advice).toBe(`Set Option to ${wanted}.`);
	});

	it('comes back from its own text', () => {
		const number = fc.double({ noNaN: true, noDefaultInfinity: true });
		fc.assert(
			fc.property(number, (value) => {
				fc.pre(!Object.is(value, -0));
				expect(numberValue('Option', String(value))).toBe(value);
			}),
		);
	});
});

describe('a number that may be left out', () => {
	it.each([undefined, null, ''])('is nothing when it is %p', (value) => {
		expect(optionalNumber('Seed', value)).toBeUndefined();
	});

	it('is a number otherwise, 0 too', () => {
		expect(optionalNumber('Seed', 0)).toBe(0);
		expect(optionalNumber('Seed', '42', { integer: true })).toBe(42);
	});

	it.each(['x', '4.2', ' '])('is an error when it is %p', (value) => {
		const { message } = failureOf(() => optionalNumber('Seed', value, { integer: true }));
		expect(message).toContain('which is not a whole number');
	});
});

describe('a switch', () => {
	it('is true or false, also in words', () => {
		expect([true, 'true', false, 'false'].map((value) => booleanValue('Stream', value))).toEqual([
			...[true, true, false, false],
		]);
	});

	it.each<[unknown, string]>([
		['yes', '"yes"'],
		[1, '"1"'],
		[0, '"0"'],
		['', '""'],
		[null, '"null"'],
		[undefined, 'nothing'],
	])('is not %p', (value, shown) => {
		const { message, facts } = failureOf(() => booleanValue('Stream', value));
		expect(message).toBe(`Stream holds ${shown}, which is neither true nor false`);
		expect(facts).toEqual({ kind: 'input', field: 'Stream' });
	});
});

describe('a choice', () => {
	it('is one of the values', () => {
		expect(choiceValue('Image Detail', 'auto', ['auto', 'original'])).toBe('auto');
	});

	it.each(['Auto', 'auto ', '', undefined, null, ['auto'], 'constructor'])('is not %p', (value) => {
		const failure = failureOf(() => choiceValue('Image Detail', value, ['auto', 'original']));
		expect(failure.message).toMatch(/^Image Detail holds /);
		expect(failure.advice).toBe('Set Image Detail to one of: auto, original.');
	});
});

describe('an object', () => {
	it.each<[unknown, object]>([
		[{ top_k: 40 }, { top_k: 40 }],
		['{"top_k": 40, "seed": null}', { top_k: 40, seed: null }],
		[' {} ', {}],
		['', {}],
		['  ', {}],
		[undefined, {}],
		[null, {}],
	])('may come as %p', (value, object) => {
		expect(objectValue('Additional Body', value, '{}')).toEqual(object);
	});

	it.each(['{top_k: 40}', '{"top_k": 40', 'top_k', '[1]', 'null', '7', '"{}"', [1], 7, true])(
		'is not %p',
		(value) => {
			const { message, advice, facts } = failureOf(() =>
				objectValue('Additional Body', value, '{"top_k": 40}'),
			);
			expect(message).toMatch(/^Additional Body holds ".+", which is not a JSON object$/);
			expect(advice).toContain('{"top_k": 40}');
			expect(facts).toEqual({ kind: 'input', field: 'Additional Body' });
		},
	);
});

describe('stop sequences', () => {
	it.each<[unknown, string[]]>([
		['END', ['END']],
		['END,STOP', ['END', 'STOP']],
		[' END , STOP ,', ['END', 'STOP']],
		['\\n', ['\n']],
		['\\n\\n, a\\nb', ['\n\n', 'a\nb']],
		['', []],
		[' , ', []],
		[undefined, []],
		[null, []],
		[7, ['7']],
		['\n', ['\n']],
		[' END\t,\n\n, a\nb ', ['END', '\n\n', 'a\nb']],
		[[], []],
		[
			['a, b', ' ', '\\n', '\n'],
			['a, b', ' ', '\\n', '\n'],
		],
		[[7], ['7']],
	])('%p are %p', (value, sequences) => {
		expect(stopValue(value)).toEqual(sequences);
	});

	it('are not an object, and the error shows it', () => {
		const { message, advice, facts } = failureOf(() => stopValue({ until: 'END' }));
		expect(message).toBe('Stop Sequences holds an object: {"until":"END"}');
		expect(advice).toContain('as an array of texts');
		expect(facts).toEqual({ kind: 'input', field: 'Stop Sequences' });
	});
});
