import fc from 'fast-check';
import { Gate } from '../../nodes/Gemma/transport/gate';
import { lineAt, pass, type Entrant } from '../support/line';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** What becomes of one request: when it joins, how long it takes and how it ends. */
interface Fate {
	joinsAfterMs: number;
	takesMs: number;
	end: 'success' | 'failure' | 'refusal';
	retryAfterMs: number | undefined;
	/** It is stopped while it waits, after so long. */
	patienceMs: number | undefined;
}

const fate: fc.Arbitrary<Fate> = fc.record({
	joinsAfterMs: fc.nat(3000),
	takesMs: fc.nat(3000),
	end: fc.constantFrom('success', 'success', 'failure', 'refusal'),
	retryAfterMs: fc.option(fc.oneof(fc.nat(9000), fc.constantFrom(0, 30_000, 200_000)), {
		nil: undefined,
	}),
	patienceMs: fc.option(fc.nat(20_000), { nil: undefined, freq: 4 }),
});

const STEP_MS = 250;

interface Watched {
	fate: Fate;
	entrant?: Entrant;
	hasLeft: boolean;
}

/** Plays all fates at one gate, and looks at it at every step of the way. */
async function play(gate: Gate, fates: Fate[], spacingMs: number): Promise<void> {
	const line = lineAt(gate);
	const requests: Watched[] = fates.map((each) => ({ fate: each, hasLeft: false }));
	const began = performance.now();
	let closedUntil = -Infinity;
	let seen = 0;
	const inside = () =>
		requests.filter(({ entrant, hasLeft }) => entrant?.ticket && !hasLeft).length;

	const finish = (request: Watched): void => {
		const { end, retryAfterMs } = request.fate;
		const ticket = request.entrant!.ticket!;
		request.hasLeft = true;
		if (end !== 'refusal') return gate.leave(ticket, end === 'success');
		if (retryAfterMs !== undefined) {
			closedUntil = Math.max(closedUntil, performance.now() - began + retryAfterMs);
		}
		gate.refused(ticket, retryAfterMs);
	};
	const look = (): void => {
		const starts = line.started();
		expect(gate['inFlight']).toBe(inside());
		expect(gate['window']).toBeGreaterThanOrEqual(1);
		if (starts.length > seen) {
			// Requests were let through: as many as the window holds, after the named time, spaced.
			expect(inside()).toBeLessThanOrEqual(gate['window']);
			expect(performance.now() - began).toBeGreaterThanOrEqual(closedUntil);
			const inOrder = [...starts].sort((a, b) => a - b);
			const gaps = inOrder.slice(1).map((at, index) => at - inOrder[index]);
			expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(Math.floor(spacingMs));
		}
		seen = starts.length;
	};

	/** @returns whether something was done for this request. */
	const step = (request: Watched, at: number): boolean => {
		const { joinsAfterMs, takesMs, patienceMs } = request.fate;
		const { entrant } = request;
		if (!entrant) {
			if (at < joinsAfterMs) return false;
			request.entrant = line.join();
		} else if (entrant.ticket) {
			if (request.hasLeft || at < entrant.startedAt! + takesMs) return false;
			finish(request);
		} else {
			if (entrant.error || at < joinsAfterMs + (patienceMs ?? Infinity)) return false;
			entrant.leaves();
		}
		return true;
	};

	for (let at = 0; requests.some(isOpen); at += STEP_MS) {
		expect(at).toBeLessThan(3_600_000);
		for (const request of requests) {
			if (!step(request, at)) continue;
			await pass(0);
			look();
		}
		await pass(STEP_MS);
		look();
	}
	expect(gate['inFlight']).toBe(0);
	expect(gate['waiting']).toEqual([]);
	expect(jest.getTimerCount()).toBe(0);
	for (const {
		entrant,
		fate: { patienceMs },
	} of requests) {
		const { ticket, error } = entrant!;
		// Turned away only by its own stop, or because the server wants hours.
		const isStopped = (error as Error | undefined)?.message === 'left the line';
		const isLong = /wants to be asked again in/.test(String(error));
		expect([ticket !== undefined, isStopped && patienceMs !== undefined, isLong]).toContain(true);
	}
}

const isOpen = ({ entrant, hasLeft }: Watched): boolean => !entrant || (!hasLeft && !entrant.error);

it.each([0, 60, 600])(
	'at %d requests a minute no request is lost, and never more are in flight than may be',
	async (requestsPerMinute) => {
		await fc.assert(
			fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 16 }), async (fates) => {
				const spacingMs = requestsPerMinute ? 60_000 / requestsPerMinute : 0;
				await play(new Gate(requestsPerMinute, () => 0.5), fates, spacingMs);
			}),
			{ numRuns: 60 },
		);
	},
);
