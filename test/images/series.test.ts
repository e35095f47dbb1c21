import fc from 'fast-check';

import { inSeries } from '../../nodes/Gemma/images/series';

describe('inSeries', () => {
	it.each<[names: string[], order: string[]]>([
		[
			['picture2', 'picture10', 'picture1'],
			['picture1', 'picture2', 'picture10'],
		],
		[
			['after', 'shot2', 'before', 'shot1'],
			['after', 'shot1', 'before', 'shot2'],
		],
		[
			['data1', 'data0', 'data'],
			['data', 'data0', 'data1'],
		],
		[
			['b2', 'a1', 'b1', 'a0'],
			['b1', 'a0', 'b2', 'a1'],
		],
		[[], []],
	])('%j', (names, order) => {
		expect(inSeries(names)).toEqual(order);
	});

	it('loses and invents no name, and changes nothing the second time', () => {
		fc.assert(
			fc.property(fc.uniqueArray(fc.stringMatching(/^[ab]?\d{0,3}$/)), (names) => {
				const once = inSeries(names);
				expect([...once].sort()).toEqual([...names].sort());
				expect(inSeries(once)).toEqual(once);
			}),
		);
	});
});
