import { Hints } from '../../nodes/Gemma/actions/hintList';
import { Redactor } from '../../nodes/Gemma/transport/redact';

const messages = (hints: Hints, total: number) => hints.list(total).map(({ message }) => message);

it('a run without hints has none', () => {
	expect(new Hints().list(3)).toEqual([]);
});

it('a hint is a warning beside the output', () => {
	const hints = new Hints();
	hints.add('The reply is empty.', 0);
	expect(hints.list(1)).toEqual([
		{ message: 'The reply is empty.', type: 'warning', location: 'outputPane' },
	]);
});

it('a lone item is not named, one of several is', () => {
	const hints = new Hints();
	hints.add('The reply is empty.', 0);
	expect(messages(hints, 1)).toEqual(['The reply is empty.']);
	expect(messages(hints, 2)).toEqual(['Item 0: The reply is empty.']);
});

it('what items have in common is said once, in the order in which it came up', () => {
	const hints = new Hints();
	hints.add('Empty.', 1);
	hints.add('Cut off.', 2);
	hints.add('Empty.', 4);
	expect(messages(hints, 5)).toEqual(['Items 1, 4: Empty.', 'Item 2: Cut off.']);
});

it.each([
	[10, 'Items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9: Empty.'],
	[11, 'Items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 1 more: Empty.'],
	[1000, 'Items 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 990 more: Empty.'],
])('of %i items at most ten are named', (count, message) => {
	const hints = new Hints();
	for (let i = 0; i < count; i++) hints.add('Empty.', i);
	expect(messages(hints, 1000)).toEqual([message]);
});

it('a hint about the whole run names no item', () => {
	const hints = new Hints();
	hints.add('2 uploaded pictures could not be deleted.');
	expect(messages(hints, 5)).toEqual(['2 uploaded pictures could not be deleted.']);
});

it('secrets are hidden in hints', () => {
	const hints = new Hints();
	hints.add('The server said nvapi-secret.', 0);
	hints.redactor = new Redactor();
	hints.redactor.hide('nvapi-secret');
	expect(messages(hints, 1)).toEqual(['The server said [hidden].']);
});
