import type { Gate, Ticket } from '../../nodes/Gemma/transport/gate';

/** One request that lines up at a gate. */
export interface Entrant {
	/** Undefined while it waits, and when it was turned away. */
	ticket?: Ticket;
	/** When it was let through, in milliseconds after the line was formed. */
	startedAt?: number;
	error?: unknown;
	leaves(): void;
}

/** Requests that line up at a gate, by jest's clock; `started` has the time of each start. */
export function lineAt(gate: Gate) {
	const began = performance.now();
	const entrants: Entrant[] = [];
	const join = (signal = new AbortController().signal): Entrant => {
		const controller = new AbortController();
		const entrant: Entrant = { leaves: () => controller.abort(new Error('left the line')) };
		entrants.push(entrant);
		gate.enter(AbortSignal.any([signal, controller.signal])).then(
			(ticket) => Object.assign(entrant, { ticket, startedAt: performance.now() - began }),
			(error: unknown) => Object.assign(entrant, { error }),
		);
		return entrant;
	};
	return {
		entrants,
		join,
		joinMany: (count: number) => Array.from({ length: count }, () => join()),
		started: () => entrants.filter(({ ticket }) => ticket).map(({ startedAt }) => startedAt!),
		waiting: () => entrants.filter(({ ticket, error }) => !ticket && !error).length,
	};
}

/** Lets virtual milliseconds pass, and what they bring about happen. */
export const pass = async (milliseconds: number): Promise<void> =>
	await jest.advanceTimersByTimeAsync(milliseconds);
