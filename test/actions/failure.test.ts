import { Failure, inputFailure, refusalCause, shown } from '../../nodes/Gemma/failure';

it('a failure is an error with advice, and not transient unless it says so', () => {
	const failure = inputFailure('Seed', 'Seed holds "x"', 'Set Seed to a number.');
	expect(failure).toBeInstanceOf(Error);
	expect(failure).toMatchObject({
		name: 'Failure',
		message: 'Seed holds "x"',
		advice: 'Set Seed to a number.',
		facts: { kind: 'input', field: 'Seed' },
		transient: false,
	});
	const facts = { kind: 'network' as const, code: 'ECONNRESET', host: 'example.com' };
	expect(new Failure(facts, 'Lost', 'Again', { transient: true }).transient).toBe(true);
});

it('only a refusal has a cause', () => {
	const refused = new Failure({ kind: 'refused', cause: 'limit', status: 429 }, 'Slow down', '');
	expect(refusalCause(refused)).toBe('limit');
	expect(refusalCause(inputFailure('Seed', '', ''))).toBeUndefined();
	expect(refusalCause(new Error('limit'))).toBeUndefined();
	expect(refusalCause(undefined)).toBeUndefined();
});

it.each<[unknown, string]>([
	['text', 'text'],
	['  two\n\tlines  ', 'two lines'],
	[7, '7'],
	[NaN, 'NaN'],
	[-Infinity, '-Infinity'],
	[null, 'null'],
	[undefined, 'undefined'],
	[{ a: [1, 'b'] }, '{"a":[1,"b"]}'],
	[10n, '10'],
	['x'.repeat(60), 'x'.repeat(60)],
	['x'.repeat(61), `${'x'.repeat(60)}… (61 characters)`],
])('%p is shown as %p', (value, text) => {
	expect(shown(value)).toBe(text);
});

it('the length can be set', () => {
	expect(shown('Hello', 2)).toBe('He… (5 characters)');
});

it('an object that cannot be written as JSON is shown all the same', () => {
	const circle: Record<string, unknown> = {};
	circle.self = circle;
	expect(shown(circle)).toBe('[object Object]');
});
