import type { Figure } from '../measure/figure';

/** What this node set out to reach, and what came out. */
export interface Bar {
	bar: string;
	/** In numbers, as they were measured. */
	found: string;
	/** Missing when it was not measured. */
	met?: boolean;
}

export interface Outcome {
	id: number;
	title: string;
	/** What was done, in a sentence or two. */
	what: string;
	figures: Figure[];
	bars: Bar[];
	/** What a reader has to know to read the figures right. */
	notes: string[];
	/** The figure that the chart shows, by its name. */
	charted: string;
}

export interface Setting {
	/** Fewest repetitions: to see that everything works. */
	quick: boolean;
	/** Whether the peers of this folder's own package are installed. */
	hasPeers: boolean;
}

export interface Benchmark {
	id: number;
	run(setting: Setting): Promise<Outcome>;
}
