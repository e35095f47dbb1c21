import type { Fault } from './faults';

/** What happens next to a reply's body. */
export type Step =
	| { kind: 'write'; bytes: Buffer }
	| { kind: 'pause'; ms: number }
	| { kind: 'cut' }
	| { kind: 'reset' };

/** The end that a fault puts to a body, and after how many bytes. */
function earlyEnd(fault: Fault): { kind: 'cut' | 'reset'; at: number } {
	if (fault.reset === 'headers') return { kind: 'reset', at: 0 };
	if (typeof fault.reset === 'number') return { kind: 'reset', at: fault.reset };
	return { kind: 'cut', at: fault.cutAfterBytes ?? Infinity };
}

/**
 * Lays a fault over a body: splits the pieces where it stalls, drips, is cut or reset. A body that
 * is shorter than the place of the fault is left whole.
 */
export async function* toSteps(
	pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
	fault: Fault,
): AsyncGenerator<Step> {
	const end = earlyEnd(fault);
	const stalls = fault.stallMs !== undefined || fault.stallAfterBytes !== undefined;
	let stallAt = stalls ? (fault.stallAfterBytes ?? 0) : Infinity;
	const drips = fault.dripMs !== undefined || fault.dripBytes !== undefined;
	const writeSize = drips ? Math.max(1, fault.dripBytes ?? 1) : Infinity;
	let sent = 0;

	const stall = (): Step => {
		stallAt = Infinity;
		return { kind: 'pause', ms: fault.stallMs ?? Infinity };
	};

	for await (const piece of pieces) {
		let rest = piece;
		while (rest.length > 0) {
			if (sent >= stallAt) yield stall();
			if (sent >= end.at) return yield { kind: end.kind };
			const size = Math.min(rest.length, writeSize, stallAt - sent, end.at - sent);
			yield { kind: 'write', bytes: rest.subarray(0, size) };
			if (drips) yield { kind: 'pause', ms: fault.dripMs ?? 1 };
			sent += size;
			rest = rest.subarray(size);
		}
	}
	if (sent >= stallAt) yield stall();
	if (sent >= end.at) yield { kind: end.kind };
}
