/** What was measured several times over: the samples' middle and their range. */
export interface Figure {
	/** Who was measured, and how it was set. */
	variant: string;
	/** What was measured. */
	name: string;
	unit: string;
	median: number;
	min: number;
	max: number;
	samples: number;
}

/** @throws RangeError without samples: there would be nothing to tell. */
export function figure(variant: string, name: string, unit: string, samples: number[]): Figure {
	if (samples.length === 0) throw new RangeError(`No samples of ${name} for ${variant}`);
	const sorted = [...samples].sort((a, b) => a - b);
	return {
		variant,
		name,
		unit,
		median: median(sorted),
		min: sorted[0],
		max: sorted[sorted.length - 1],
		samples: sorted.length,
	};
}

function median(sorted: number[]): number {
	const middle = sorted.length / 2;
	return Number.isInteger(middle)
		? (sorted[middle - 1] + sorted[middle]) / 2
		: sorted[Math.floor(middle)];
}

/** A number as people read it: three digits that count, and none after the point from 100 on. */
export function inDigits(value: number): string {
	const size = Math.abs(value);
	if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString('en-US');
	return value.toFixed(size >= 10 ? 1 : size >= 0.01 ? 2 : 4);
}
