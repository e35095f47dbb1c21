import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

import { Turnstile } from '../../nodes/Gemma/actions/turnstile';
import { rejectionOf } from '../support/failure';
import { useTransport } from '../support/transport';

const { limit } = useTransport();

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
	const all = ['a', 'b', 'c', 'd'].map(async (name) => await turnstile.pass(limit(), work(name)));
	expect(begun).toEqual(['a', 'b']);
	await end('b');
	expect(begun).toEqual(['a', 'b', 'c']);
	for (const name of ['a', 'c', 'd']) await end(name);
	expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd']);
});

test('what comes back goes before what has not begun, and keeps its own order', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(1);
	const all = [turnstile.pass(limit(), work('a')), turnstile.pass(limit(), work('b'))];
	all.push(
		turnstile.passAgain(limit(), work('rest 1')),
		turnstile.passAgain(limit(), work('rest 2')),
	);
	for (const name of ['a', 'rest 1', 'rest 2', 'b']) await end(name);
	await Promise.all(all);
	expect(begun).toEqual(['a', 'rest 1', 'rest 2', 'b']);
});

test('work that fails gives its place to the next, and a place is never given twice', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(1);
	const failing = turnstile.pass(limit(), work('a'));
	const next = turnstile.passAgain(limit(), work('b'));
	const failed = expect(failing).rejects.toThrow('broken');
	await end('a', new Error('broken'));
	await failed;
	const last = turnstile.pass(limit(), work('c'));
	expect(begun).toEqual(['a', 'b']);
	for (const name of ['b', 'c']) await end(name);
	expect(await Promise.all([next, last])).toEqual(['b', 'c']);
});

test('a wait at the turnstile takes nothing of the time that an item may take', async () => {
	const { work, end } = works();
	const turnstile = new Turnstile(1);
	const first = turnstile.pass(limit(), work('a'));
	const own = limit();
	const second = turnstile.pass(own, work('b'));
	await sleep(30);
	const left = own.left();
	await sleep(30);
	expect(own.left()).toBe(left);
	await end('a');
	await sleep(30);
	expect(own.left()).toBeLessThan(left);
	await end('b');
	expect(await Promise.all([first, second])).toEqual(['a', 'b']);
});

test('what was stopped while it waited is not begun, and lets the next one through', async () => {
	const { begun, work, end } = works();
	const turnstile = new Turnstile(1);
	const stop = new AbortController();
	const first = turnstile.pass(limit(), work('a'));
	const stopped = rejectionOf(turnstile.pass(limit({}, stop.signal), work('b')));
	const third = turnstile.pass(limit(), work('c'));
	stop.abort();
	await end('a');
	expect((await stopped).facts.kind).toBe('cancelled');
	expect(begun).toEqual(['a', 'c']);
	await end('c');
	expect(await Promise.all([first, third])).toEqual(['a', 'c']);
});
