import type { Fault } from '../sandbox';

/**
 * What a fault must lead to when it meets a request whose reply is awaited to the end:
 * - `none`: the reply comes whole all the same;
 * - `transient`: the reply is lost, and asking again may help;
 * - `permanent`: the reply is a refusal that asking again cannot change;
 * - `unsure`: it depends on where in the reply it strikes.
 */
export type Effect = 'none' | 'transient' | 'permanent' | 'unsure';

export interface PlannedFault {
	/** A name for people, such as `reset before`. */
	kind: string;
	effect: Effect;
	fault: Fault;
	/** Statuses that an error may name because of it, where the sandbox's log does not hold them. */
	statuses?: number[];
}

/** How far a fault may go in a run. */
export interface Bounds {
	/** The run has a time limit or is cancelled: what never ends may be planned. */
	endless: boolean;
	/** The reply is asked for as a stream: it has some thousand bytes instead of some hundred. */
	stream: boolean;
	/** The key of the run, for servers that echo it. */
	apiKey: string;
}
