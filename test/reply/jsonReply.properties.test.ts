import fc from 'fast-check';

import { parseJsonReply } from '../../nodes/Gemma/reply/jsonReply';

/** Texts that JSON itself is made of are the hard ones. */
const text = fc.oneof(
	fc.string({ unit: 'grapheme', maxLength: 8 }),
	fc.string({
		unit: fc.constantFrom(...'{}[]",:\\\'/*`~.-+0159eE“” \n', 'a', 'b', 'true', '```json\n'),
		maxLength: 12,
	}),
);
const scalar = fc.oneof(
	text,
	fc.integer(),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
	fc.boolean(),
	fc.constant(null),
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
	value: fc.oneof(
		{ depthSize: 'small', withCrossShrink: true },
		scalar,
		fc.array(tie('value'), { maxLength: 4 }),
		fc.dictionary(text, tie('value'), { maxKeys: 4 }),
	),
}));
const indent = fc.constantFrom(undefined, 2, '\t');
const jsonObject = fc
	.tuple(fc.dictionary(text, value, { minKeys: 1, maxKeys: 4 }), indent)
	.map(([object, blanks]) => JSON.stringify(object, null, blanks));
const jsonStructure = fc.oneof(
	jsonObject,
	fc
		.tuple(fc.array(value, { minLength: 1, maxLength: 4 }), indent)
		.map(([array, blanks]) => JSON.stringify(array, null, blanks)),
);

/** Prose without brackets and fences, and not the name of a member. */
const proseText = fc
	.string({ unit: 'grapheme', maxLength: 40 })
	.map((prose) => prose.replace(/[[\]{}`~]/g, ''));
const proseBefore = proseText.map((prose) => prose.replace(/["'“”]\s*:\s*$/, ''));

const isJson = (json: string): boolean => {
	try {
		JSON.parse(json);
		return true;
	} catch {
		return false;
	}
};

const RUNS = { numRuns: 600 };

it('whatever is JSON comes out as JSON.parse gives it', async () => {
	await fc.assert(
		fc.asyncProperty(jsonStructure, fc.boolean(), async (json, cutOff) => {
			expect(await parseJsonReply(json, cutOff)).toEqual({ ok: true, data: JSON.parse(json) });
		}),
		RUNS,
	);
});

it('an object in prose is found exactly', async () => {
	await fc.assert(
		fc.asyncProperty(proseBefore, jsonObject, proseText, async (before, json, behind) => {
			const parsed = await parseJsonReply(`${before}${json}${behind}`, false);
			expect(parsed).toEqual({ ok: true, data: JSON.parse(json) });
		}),
		RUNS,
	);
});

it('an object or array in a code block is found exactly, whatever prose is around', async () => {
	await fc.assert(
		fc.asyncProperty(proseBefore, jsonStructure, proseText, async (before, json, behind) => {
			const parsed = await parseJsonReply(
				`${before}\n\`\`\`json\n${json}\n\`\`\`\n${behind}`,
				false,
			);
			expect(parsed).toEqual({ ok: true, data: JSON.parse(json) });
		}),
		RUNS,
	);
});

it('an object or array that is cut anywhere is never data, told or not, alone, in prose or a block', async () => {
	const lead = fc.constantFrom('', 'Here it is: ', '```json\n', 'Of course!\n\n```\n');
	await fc.assert(
		fc.asyncProperty(
			lead,
			jsonStructure,
			fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
			fc.boolean(),
			async (before, json, share, cutOff) => {
				const piece = json.slice(0, Math.floor(json.length * share));
				expect(await parseJsonReply(before + piece, cutOff)).toMatchObject({ ok: false });
			},
		),
		RUNS,
	);
});

// What holds for any character that is lost from an object or array: unless what is left is JSON
// itself (12 from 123: nobody can tell), it is refused, or the data is the data from before. The one
// exception is the last entry of an array when it is a single digit: what is left, as in [1, ], is a
// trailing comma like any other.
it.each([
	['alone', '', ''],
	['in prose', 'Here it is: ', ' Bye.'],
	['in a code block', 'Here:\n```json\n', '\n```\n'],
])('one character lost never gives wrong data: JSON %s', async (_, before, behind) => {
	await fc.assert(
		fc.asyncProperty(jsonStructure, fc.nat(), async (json, at) => {
			const index = at % json.length;
			const left = json.slice(0, index) + json.slice(index + 1);
			fc.pre(!isJson(left));
			fc.pre(!(/,\s*$/.test(json.slice(0, index)) && /^\s*\]/.test(json.slice(index + 1))));
			const parsed = await parseJsonReply(before + left + behind, false);
			if (parsed.ok) expect(parsed.data).toEqual(JSON.parse(json));
		}),
		{ numRuns: 1500 },
	);
});

// With single quotes, Python's words and trailing commas the same: every digit is kept or refused.
it('one character lost from a Python dictionary of numbers gives no number that was not there', async () => {
	const numbers = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.integer(), { minKeys: 1 });
	await fc.assert(
		fc.asyncProperty(numbers, fc.nat(), async (object, at) => {
			const members = Object.entries(object).map(([name, number]) => `'${name}': ${number}`);
			const python = `{${members.join(', ')}}`;
			const index = at % python.length;
			fc.pre(!/[-\da-z]/.test(python[index]));
			const parsed = await parseJsonReply(python.slice(0, index) + python.slice(index + 1), false);
			if (parsed.ok) expect(parsed.data).toEqual(object);
		}),
		RUNS,
	);
});
