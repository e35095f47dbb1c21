import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';

import type { Outcome } from '../benchmarks/types';
import type { Machine } from './machine';

/** A benchmark that was made. */
export interface Made extends Outcome {
	/** ISO 8601. */
	date: string;
}

/** All that was found out on one machine with the same packages. */
export interface Report {
	machine: Machine;
	/** Fewest repetitions: the figures say that everything works, not how well. */
	quick: boolean;
	hasPeers: boolean;
	benchmarks: Made[];
}

/**
 * A report with what an earlier one holds beside it, where that was made under the same conditions:
 * whoever repeats one benchmark keeps the others.
 *
 * @param file with the JSON of the earlier one; it may not exist.
 */
export function withEarlier(report: Report, file: string): Report {
	const earlier = readReport(file);
	const conditions = ({ machine, quick, hasPeers }: Report) => ({ machine, quick, hasPeers });
	if (!earlier || !isDeepStrictEqual(conditions(earlier), conditions(report))) return report;
	const made = report.benchmarks.map(({ id }) => id);
	const kept = earlier.benchmarks.filter(({ id }) => !made.includes(id));
	return { ...report, benchmarks: [...report.benchmarks, ...kept].sort((a, b) => a.id - b.id) };
}

function readReport(file: string): Report | undefined {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Report;
	} catch {
		return undefined;
	}
}
