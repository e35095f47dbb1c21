import type { Outcome } from '../benchmarks/types';
import type { Machine } from './machine';

/** All that a run found out. */
export interface Report {
	/** ISO 8601. */
	date: string;
	/** How long all of it took. */
	minutes: number;
	machine: Machine;
	/** Fewest repetitions: the figures say that everything works, not how well. */
	quick: boolean;
	hasPeers: boolean;
	benchmarks: Outcome[];
}
