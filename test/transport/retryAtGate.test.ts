import type { Failure } from '../../nodes/Gemma/failure';
import { Gate } from '../../nodes/Gemma/transport/gate';
import { refusalOf } from '../../nodes/Gemma/transport/refusal';
import { withRetries } from '../../nodes/Gemma/transport/retry';
import { startTimeLimit, type TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { rejectionOf } from '../support/failure';
import { pass } from '../support/line';

jest.mock('node:timers/promises', () => jest.requireActual('../support/virtualTimers'));

let limits: TimeLimit[] = [];
beforeEach(() => jest.useFakeTimers());
afterEach(() => {
	limits.forEach((limit) => limit.end());
	limits = [];
	expect(jest.getTimerCount()).toBe(0);
	jest.useRealTimers();
});

/** One item, whose requests end with these in turn and then well; each takes so long. */
function item(
	gate: Gate,
	failures: unknown[],
	{
		timeout = 600,
		takesMs = 100,
		maxRetries = 4,
		cancel = undefined as AbortSignal | undefined,
	} = {},
) {
	const limit = startTimeLimit({ timeoutSeconds: timeout, idleSeconds: 60 }, cancel);
	limits.push(limit);
	const starts: number[] = [];
	const left = [...failures];
	const work = async () => {
		starts.push(performance.now());
		await new Promise((resolve) => setTimeout(resolve, takesMs));
		const failure = left.shift();
		if (failure !== undefined) await Promise.reject(failure as Error);
		return 'done';
	};
	const answer = withRetries(work, maxRetries, limit, gate);
	answer.catch(() => {});
	return { starts, answer };
}

const tooMany = (retryAfterMs?: number) => refusalOf(429, 'Slow down', { retryAfterMs });
const openGate = (requestsPerMinute = 0) => new Gate(requestsPerMinute, () => 0.5);

describe('an item’s own time', () => {
	it('does not run while it waits for its first turn', async () => {
		const gate = openGate(60);
		const items = Array.from({ length: 5 }, () => item(gate, [], { timeout: 0.5 }));
		await pass(5000);
		for (const { answer } of items) expect(await answer).toBe('done');
		expect(items.flatMap(({ starts }) => starts)).toEqual([0, 1000, 2000, 3000, 4000]);
	});

	it('runs while it waits for any later turn, and it is told what for', async () => {
		const gate = openGate();
		const busy = item(gate, [refusalOf(503, 'Busy', { retryAfterMs: 500 })], { timeout: 2 });
		const refused = item(gate, [tooMany(60_000)], { takesMs: 200 });
		await pass(2000);
		const failure = await rejectionOf(busy.answer);
		expect(failure.message).toBe(
			'Not finished within 2 seconds (option Timeout); it was waiting for try 2; the last one ended with: Busy (HTTP 503)',
		);
		await pass(60_000);
		expect(await refused.answer).toBe('done');
	});

	it('can be stopped while it waits for its turn, and the next in line takes it', async () => {
		const gate = openGate(60);
		const controller = new AbortController();
		const first = item(gate, []);
		const stopped = item(gate, [], { cancel: controller.signal });
		const last = item(gate, []);
		await pass(500);
		controller.abort();
		expect((await rejectionOf(stopped.answer)).facts).toEqual({ kind: 'cancelled' });
		await pass(1000);
		expect(await Promise.all([first.answer, last.answer])).toEqual(['done', 'done']);
		expect(stopped.starts).toEqual([]);
		expect(last.starts).toEqual([1000]);
	});
});

describe('a limit of the account', () => {
	it('that one item met is respected by all', async () => {
		const gate = openGate();
		const refused = item(gate, [tooMany(10_000)]);
		await pass(1000);
		const other = item(gate, []);
		await pass(20_000);
		expect([await refused.answer, await other.answer]).toEqual(['done', 'done']);
		expect(refused.starts[1]).toBeGreaterThanOrEqual(10_100);
		expect(other.starts[0]).toBeGreaterThanOrEqual(10_100);
	});

	it('of hours fails those who met it and those who wait, each saying when', async () => {
		const gate = openGate();
		const met = item(gate, [tooMany(10_800_000)]);
		const earlier = item(gate, [tooMany(30_000)], { takesMs: 50 });
		await pass(60);
		const waiting = item(gate, []);
		await pass(100);
		for (const { answer } of [met, earlier, waiting]) {
			expect((await rejectionOf(answer)).message).toMatch(/wants to be asked again in 3 hours/);
		}
		expect(earlier.starts).toHaveLength(1);
		expect(waiting.starts).toEqual([]);
	});

	it('longer than the item’s time fails the item at once, and the gate stays closed', async () => {
		const gate = openGate();
		const hasty = item(gate, [tooMany(30_000)], { timeout: 10 });
		await pass(100);
		expect((await rejectionOf(hasty.answer)).message).toBe(
			'Slow down (HTTP 429); the server wants to be asked again in 30 seconds',
		);
		const patient = item(gate, []);
		await pass(40_000);
		expect(await patient.answer).toBe('done');
		expect(patient.starts[0]).toBeGreaterThanOrEqual(30_100);
	});

	it('counts against Max Retries like any other failure', async () => {
		const gate = openGate();
		const refused = item(
			gate,
			Array.from({ length: 9 }, () => tooMany(1000)),
			{ maxRetries: 2 },
		);
		await pass(10_000);
		expect((await rejectionOf(refused.answer)).message).toBe(
			'Slow down (HTTP 429) (tried 3 times)',
		);
		expect(refused.starts).toHaveLength(3);
	});
});

describe('a limit that is used up', () => {
	const never = Array.from({ length: 400 }, () => tooMany());
	/** So many items, eight at a time, as a run works on them. */
	async function endsOf(count: number, failures: unknown[], most = 3_600_000) {
		const gate = openGate();
		const ends: Failure[] = [];
		let next = 0;
		const worker = async () => {
			while (next++ < count) ends.push(await rejectionOf(item(gate, failures).answer));
		};
		let over = false;
		void Promise.all(Array.from({ length: 8 }, worker)).then(() => (over = true));
		const begin = performance.now();
		while (!over && performance.now() - begin < most) await pass(1000);
		return { ends, minutes: (performance.now() - begin) / 60_000 };
	}

	it('is told to all once one item has spent its tries on it for minutes', async () => {
		const { ends, minutes } = await endsOf(100, never);
		expect(ends).toHaveLength(100);
		expect(minutes).toBeLessThan(10);
		expect(ends[0].message).toBe('Slow down (HTTP 429) (tried 5 times)');
		expect(ends.at(-1)!.message).toMatch(
			/^The server has refused every request for \d minutes \(HTTP 429\)$/,
		);
		expect(ends.at(-1)!.facts).toMatchObject({ kind: 'refused', cause: 'limit', status: 429 });
		expect(ends.at(-1)!.transient).toBe(false);
	});

	it('is told for what it is when the time of an item runs out behind it', async () => {
		const { ends, minutes } = await endsOf(
			20,
			Array.from({ length: 400 }, () => tooMany(60_000)),
		);
		expect(ends).toHaveLength(20);
		expect(minutes).toBeLessThan(12);
		const late = ends.filter(({ message }) => /within 600 seconds/.test(message));
		expect(late.length).toBeGreaterThan(0);
		for (const { message, facts } of late) {
			expect(message).toBe(
				'Slow down (HTTP 429); no other try was let in within 600 seconds (option Timeout)',
			);
			expect(facts).toMatchObject({ kind: 'refused', cause: 'limit' });
		}
	});

	it('is not thought of while others get through, or before two minutes', async () => {
		const gate = openGate();
		const unlucky = item(gate, never, { maxRetries: 0 });
		await pass(200);
		expect((await rejectionOf(unlucky.answer)).message).toBe('Slow down (HTTP 429)');
		const next = item(gate, []);
		await pass(2000);
		expect(await next.answer).toBe('done');
		await pass(200_000);
		const later = item(gate, never, { maxRetries: 0 });
		const after = item(gate, []);
		await pass(3000);
		expect((await rejectionOf(later.answer)).facts).toMatchObject({ cause: 'limit' });
		expect(await after.answer).toBe('done');
	});
});

it('Requests per Minute paces retries, too', async () => {
	const gate = openGate(60);
	const busy = refusalOf(503, 'Busy', { retryAfterMs: 0 });
	const items = [item(gate, [busy]), item(gate, [busy])];
	await pass(10_000);
	for (const { answer } of items) expect(await answer).toBe('done');
	const starts = items.flatMap((each) => each.starts).sort((a, b) => a - b);
	expect(starts).toEqual([0, 1000, 2000, 3000]);
});
