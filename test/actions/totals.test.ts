import { Totals } from '../../nodes/Gemma/actions/totals';
import type { Usage } from '../../nodes/Gemma/transport/api';

/** The line without its seconds. */
const text = (totals: Totals, items = 2) => totals.text(items)?.replace(/, [\d.]+ seconds\.$/, '');

it('a run that asked nothing has none', () => {
	expect(new Totals().text(2)).toBeUndefined();
});

it('counts requests, retries among them, and tokens as the server tells them', () => {
	const totals = new Totals();
	for (const attempt of [0, 1, 0]) totals.countRequest(attempt);
	totals.countUsage({ prompt_tokens: 1200, completion_tokens: 30, total_tokens: 1230 });
	totals.countUsage(undefined);
	totals.countUsage({ prompt_tokens: '5', completion_tokens: null } as unknown as Usage);
	expect(text(totals)).toBe(
		'2 items: 3 requests (1 of them retries), 1,200 prompt and 30 completion tokens',
	);
});

it('one is no plural', () => {
	const totals = new Totals();
	totals.countRequest(0);
	totals.countPictures('inline', 1, 10);
	expect(text(totals)).toMatch(/: 1 request, .*, 1 picture inline \(1 kB\)$/);
});

it.each([
	[1, '1 kB'],
	[999_000, '999 kB'],
	[999_999, '1.0 MB'],
	[1_000_000, '1.0 MB'],
	[2_249_000, '2.2 MB'],
])('%i bytes are %s', (bytes, shown) => {
	const totals = new Totals();
	totals.countRequest(0);
	totals.countPictures('asset', 3, bytes);
	expect(text(totals)).toMatch(`, 3 pictures by asset (${shown})`);
});

it('pictures whose size nobody knows have none', () => {
	const totals = new Totals();
	totals.countRequest(0);
	totals.countPictures('asset', 2, 0);
	expect(text(totals)).toMatch(/, 2 pictures by asset$/);
});

it('each road is counted by itself', () => {
	const totals = new Totals();
	totals.countRequest(0);
	totals.countPictures('inline', 12, 1_400_000);
	totals.countPictures('asset', 3, 2_200_000);
	expect(text(totals)).toMatch(
		/, 12 pictures inline \(1\.4 MB\), 3 pictures by asset \(2\.2 MB\)$/,
	);
});
