import fc from 'fast-check';

import { planCrops, type Box, type CutKind, type Size } from '../../nodes/Gemma/images/cropPlan';

const cropsOf = (width: number, height: number, most = 4) =>
	planCrops('detailed', { width, height }, most);
const tilesOf = (width: number, height: number, most = 9) =>
	planCrops('page', { width, height }, most);

/** Sizes of one direction of the boxes, in their order. */
const widths = (boxes: Box[]) => boxes.map(({ width }) => width);
const lefts = (boxes: Box[]) => boxes.map(({ left }) => left);

describe('pan and scan', () => {
	it.each<[width: number, height: number, crops: number]>([
		[1199, 1000, 0],
		[1200, 1000, 2],
		[2499, 1000, 2],
		[2500, 1000, 3],
		[3500, 1000, 4],
		[9000, 1000, 4],
		[512, 300, 2],
		[511, 300, 2],
		[510, 300, 0],
		[2000, 256, 4],
		[2000, 255, 0],
		[767, 256, 2],
		[768, 256, 3],
	])('makes of %i × %i %i crops, as the model’s processor does', (width, height, crops) => {
		expect(cropsOf(width, height)?.boxes ?? []).toHaveLength(crops);
		expect(cropsOf(height, width)?.boxes ?? []).toHaveLength(crops);
	});

	it('cuts a wide picture from left to right, a tall one from top to bottom', () => {
		expect(cropsOf(1000, 500)).toEqual({
			...{ kind: 'detailed', rows: 1, columns: 2 },
			boxes: [
				{ left: 0, top: 0, width: 500, height: 500 },
				{ left: 500, top: 0, width: 500, height: 500 },
			],
		});
		expect(cropsOf(500, 1000)).toMatchObject({
			...{ rows: 2, columns: 1 },
			boxes: [{ top: 0 }, { top: 500 }],
		});
	});

	it('gives what cannot be shared equally to all crops but the last', () => {
		const { boxes } = cropsOf(3001, 1000)!;
		expect([widths(boxes), lefts(boxes)]).toEqual([
			[1001, 1001, 999],
			[0, 1001, 2002],
		]);
	});

	it('makes no more crops than it may, and none where it may make one', () => {
		expect(cropsOf(9000, 1000, 6)?.boxes).toHaveLength(6);
		expect(cropsOf(9000, 1000, 2)?.boxes).toHaveLength(2);
		expect(cropsOf(9000, 1000, 1)).toBeUndefined();
	});
});

describe('a page', () => {
	it.each<[what: string, width: number, height: number, rows: number, columns: number]>([
		['A4 at 200 dpi', 1654, 2339, 3, 2],
		['A4 at 200 dpi, landscape', 2339, 1654, 2, 3],
		['A4 at 300 dpi', 2480, 3508, 3, 3],
		['a receipt', 600, 2000, 2, 1],
		['a strip', 100, 5000, 6, 1],
	])('of the size of %s is covered by tiles', (_, width, height, rows, columns) => {
		expect(tilesOf(width, height)).toMatchObject({ kind: 'page', rows, columns });
	});

	it('that the model sees at 80 % or more is not cut', () => {
		expect(tilesOf(1120, 1120)).toBeUndefined();
		expect(tilesOf(1121, 1120)).toMatchObject({ rows: 1, columns: 2 });
		expect(tilesOf(10, 10)).toBeUndefined();
	});

	it('gets the best grid that the limit allows, and no tiles where it allows one', () => {
		expect(tilesOf(1654, 2339, 4)).toMatchObject({ rows: 2, columns: 2 });
		expect(tilesOf(2480, 3508, 12)).toMatchObject({ rows: 4, columns: 3 });
		expect(tilesOf(1654, 2339, 1)).toBeUndefined();
	});

	it('has its tiles row by row', () => {
		const { boxes } = tilesOf(1654, 2339)!;
		expect(boxes.map(({ left, top }) => [left, top])).toEqual([
			...[
				[0, 0],
				[759, 0],
			],
			...[
				[0, 736],
				[759, 736],
			],
			...[
				[0, 1472],
				[759, 1472],
			],
		]);
	});
});

const side = fc.integer({ min: 1, max: 20_000 });
const size: fc.Arbitrary<Size> = fc.record({ width: side, height: side });
const most = fc.integer({ min: 1, max: 32 });

/** The stretches of one direction, each once, in their order. */
const stretches = (boxes: Box[], start: 'left' | 'top', length: 'width' | 'height') =>
	[...new Map(boxes.map((box) => [box[start], box[start] + box[length]]))].sort(
		([a], [b]) => a - b,
	);

describe.each<CutKind>(['detailed', 'page'])('whatever the picture, with detail %s', (kind) => {
	const check = (holds: (boxes: Box[], picture: Size, limit: number) => void) => {
		fc.assert(
			fc.property(size, most, (picture, limit) => {
				const plan = planCrops(kind, picture, limit);
				if (!plan) return;
				expect(plan.rows * plan.columns).toBe(plan.boxes.length);
				holds(plan.boxes, picture, limit);
			}),
			{ numRuns: 500 },
		);
	};

	it('there are at least two crops, and no more than allowed', () => {
		check((boxes, _, limit) => {
			expect(boxes.length).toBeGreaterThan(1);
			expect(boxes.length).toBeLessThanOrEqual(limit);
		});
	});

	it('they lie inside it and leave nothing of it out', () => {
		check((boxes, { width, height }) => {
			const directions = [
				{ ends: stretches(boxes, 'left', 'width'), all: width },
				{ ends: stretches(boxes, 'top', 'height'), all: height },
			];
			for (const { ends, all } of directions) {
				expect(ends[0][0]).toBe(0);
				expect(ends.at(-1)![1]).toBe(all);
				ends.slice(1).forEach(([start], i) => expect(start).toBeLessThanOrEqual(ends[i][1]));
			}
		});
	});

	it('none is thinner than 256 pixels, unless the picture is', () => {
		check((boxes, { width, height }) => {
			for (const box of boxes.slice(0, -1)) {
				expect(box.width).toBeGreaterThanOrEqual(Math.min(256, width));
				expect(box.height).toBeGreaterThanOrEqual(Math.min(256, height));
			}
		});
	});
});

it('the tiles of a page overlap by about 15 percent and are of one size', () => {
	fc.assert(
		fc.property(size, most, (picture, limit) => {
			const { boxes } = planCrops('page', picture, limit) ?? { boxes: [] };
			const sizes = new Set(boxes.map(({ width, height }) => `${width} x ${height}`));
			expect(sizes.size).toBeLessThanOrEqual(1);
			for (const ends of [stretches(boxes, 'left', 'width'), stretches(boxes, 'top', 'height')]) {
				ends.slice(1).forEach(([start], i) => {
					const length = ends[i][1] - ends[i][0];
					expect(Math.abs(ends[i][1] - start - length * 0.15)).toBeLessThan(3);
				});
			}
		}),
		{ numRuns: 500 },
	);
});
