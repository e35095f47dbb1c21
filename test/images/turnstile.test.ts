import { setImmediate } from 'node:timers/promises';

import { Turnstile } from '../../nodes/Gemma/images/turnstile';

/** Work that says when it begins, and ends when it is told to. */
function works() {
	const begun: string[] = [];
	const ends = new Map<string, (error?: Error) => void>();
	const work = (name: string) => async () => {
		begun.push(name);
		await new Promise<void>((resolve, reject) => {
			ends.set(name, (error) => (error ? reject(error) : resolve()));
		});
		return name;
	};
	const end = async (name: string, error?: Error) => {
		ends.get(name)!(error);
		await setImmediate();
	};
	return { begun, work, end };
}

test('as many at a time as it has places, in the order in which they came', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(2);
	const all = ['a', 'b', 'c', 'd'].map(async (name) => await turnstile.pass(work(name)));
	expect(begun).toEqual(['a', 'b']);
	await end('b');
	expect(begun).toEqual(['a', 'b', 'c']);
	for (const name of ['a', 'c', 'd']) await end(name);
	expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('what comes back goes before what has not begun, and keeps its own order', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(1);
	const all = [turnstile.pass(work('a')), turnstile.pass(work('b'))];
	all.push(turnstile.passAgain(work('rest 1')), turnstile.passAgain(work('rest 2')));
	for (const name of ['a', 'rest 1', 'rest 2', 'b']) await end(name);
	await Promise.all(all);
	expect(begun).toEqual(['a', 'rest 1', 'rest 2', 'b']);
});

test('work that fails gives its place to the next, and a place is never given twice', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(1);
	const failing = turnstile.pass(work('a'));
	const next = turnstile.passAgain(work('b'));
	const failed = expect(failing).rejects.toThrow('broken');
	await end('a', new Error('broken'));
	await failed;
	const last = turnstile.pass(work('c'));
	expect(begun).toEqual(['a', 'b']);
	for (const name of ['b', 'c']) await end(name);
	expect(await Promise.all([next, last])).toEqual(['b', 'c']);
});
