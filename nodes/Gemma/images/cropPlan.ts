import { MODEL_SIDE } from '../gemma';

/** Pixels. */
export interface Size {
	width: number;
	height: number;
}

/** A part of a picture, in its pixels. */
export interface Box extends Size {
	left: number;
	top: number;
}

/** How a picture is cut (`options.imageDetail`): crops side by side, or overlapping tiles. */
export type CutKind = 'detailed' | 'page';

export interface CropPlan {
	kind: CutKind;
	rows: number;
	columns: number;
	/** Row by row, each from left to right. The first one is as large as any. */
	boxes: Box[];
}

/** Pan and scan as Gemma 3 was trained with, by its image processor's defaults. */
const LEAST_RATIO = 1.2;
const LEAST_CROP = 256;

/** 10-point print of a scan at 200 dpi can still be read at this scale, and not much below it. */
const LEAST_SCALE = 0.8;
/** More than a line of print is high and most words are wide, so that a seam hides none of them. */
const OVERLAP = 0.15;

/** @returns nothing when cutting the picture would show no more of it. */
export function planCrops(kind: CutKind, size: Size, mostCrops: number): CropPlan | undefined {
	return kind === 'detailed' ? panAndScan(size, mostCrops) : tiles(size, mostCrops);
}

/** Along the longer side, as many crops as bring each closest to a square. */
function panAndScan({ width, height }: Size, mostCrops: number): CropPlan | undefined {
	const [long, short] = width >= height ? [width, height] : [height, width];
	const ratio = long / short;
	if (ratio < LEAST_RATIO) return undefined;
	const nearest = Math.min(Math.floor(ratio + 0.5), Math.floor(long / LEAST_CROP));
	const count = Math.min(Math.max(2, nearest), mostCrops);
	const side = Math.ceil(long / count);
	if (count < 2 || Math.min(side, short) < LEAST_CROP) return undefined;
	const starts = Array.from({ length: count }, (_, i) => i * side);
	const boxes = starts.map((start) => {
		const length = Math.min(side, long - start);
		return width >= height
			? { left: start, top: 0, width: length, height }
			: { left: 0, top: start, width, height: length };
	});
	const [rows, columns] = width >= height ? [1, count] : [count, 1];
	return { kind: 'detailed', rows, columns, boxes };
}

/** The fewest tiles that leave the print legible; the best that `mostTiles` allow where none do. */
function tiles(size: Size, mostTiles: number): CropPlan | undefined {
	const grids = gridsOf(mostTiles)
		.map((grid) => ({ ...grid, scale: scaleOf(size, grid) }))
		.sort((a, b) => a.rows * a.columns - b.rows * b.columns || b.scale - a.scale);
	const best = Math.min(LEAST_SCALE, Math.max(...grids.map(({ scale }) => scale)));
	const { rows, columns } = grids.find(({ scale }) => scale >= best)!;
	if (rows * columns === 1) return undefined;
	const across = spread(size.width, columns);
	const down = spread(size.height, rows);
	const boxes = down.starts.flatMap((top) =>
		across.starts.map((left) => ({ left, top, width: across.length, height: down.length })),
	);
	return { kind: 'page', rows, columns, boxes };
}

interface Grid {
	rows: number;
	columns: number;
}

function gridsOf(mostTiles: number): Grid[] {
	const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);
	return upTo(mostTiles).flatMap((rows) =>
		upTo(Math.floor(mostTiles / rows)).map((columns) => ({ rows, columns })),
	);
}

/** How large the model sees a tile's narrower direction, 1 being as it is. */
function scaleOf({ width, height }: Size, { rows, columns }: Grid): number {
	return MODEL_SIDE / Math.max(spread(width, columns).length, spread(height, rows).length);
}

/** Equal stretches, evenly spread, that cover all of `length` and overlap. */
function spread(length: number, count: number): { starts: number[]; length: number } {
	const stretch = Math.ceil(length / (count - (count - 1) * OVERLAP));
	const step = count > 1 ? (length - stretch) / (count - 1) : 0;
	const starts = Array.from({ length: count }, (_, i) => Math.round(i * step));
	return { starts, length: stretch };
}
