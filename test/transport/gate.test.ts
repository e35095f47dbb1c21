import { Failure } from '../../nodes/Gemma/failure';
import { Gate } from '../../nodes/Gemma/transport/gate';
import { lineAt, pass } from '../support/line';

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
	expect(jest.getTimerCount()).toBe(0);
	jest.useRealTimers();
});

/** Without jitter; a server's own time is used in most tests anyway. */
const open = (requestsPerMinute = 0) => new Gate(requestsPerMinute, () => 0.5);

describe('a gate without a rate', () => {
	it('lets everybody through at once, until the server refuses', async () => {
		const line = lineAt(open());
		line.joinMany(200);
		await pass(0);
		expect(line.started()).toEqual(Array.from({ length: 200 }, () => 0));
	});

	it('turns away whom a stop has reached already', async () => {
		const line = lineAt(open());
		const entrant = line.join(AbortSignal.abort(new Error('stopped')));
		await pass(0);
		expect(entrant.error).toEqual(new Error('stopped'));
	});
});

describe('a gate for so many at once', () => {
	it('lets no more through, and the next when one leaves', async () => {
		const gate = new Gate(0, () => 0.5, 2);
		const line = lineAt(gate);
		line.joinMany(4);
		await pass(1000);
		expect(line.started()).toEqual([0, 0]);
		gate.leave(line.entrants[0].ticket!, true);
		await pass(0);
		expect(line.started()).toEqual([0, 0, 1000]);
	});
});

describe('Requests per Minute', () => {
	it('spaces the starts evenly, without a burst at the beginning', async () => {
		const line = lineAt(open(120));
		line.joinMany(5);
		await pass(10_000);
		expect(line.started()).toEqual([0, 500, 1000, 1500, 2000]);
	});

	it('saves nothing up while nobody asks', async () => {
		const line = lineAt(open(60));
		line.join();
		await pass(30_000);
		line.joinMany(3);
		await pass(5000);
		expect(line.started()).toEqual([0, 30_000, 31_000, 32_000]);
	});

	it('counts who comes back as well', async () => {
		const gate = open(60);
		const line = lineAt(gate);
		const [first] = line.joinMany(2);
		await pass(500);
		gate.leave(first.ticket!, false);
		line.join();
		await pass(5000);
		expect(line.started()).toEqual([0, 1000, 2000]);
	});

	it('holds after a refusal, too', async () => {
		const gate = open(60);
		const line = lineAt(gate);
		const [first] = line.joinMany(3);
		await pass(100);
		gate.refused(first.ticket!, 200);
		await pass(2000);
		expect(line.started()).toEqual([0, 1000]);
		gate.leave(line.entrants[1].ticket!, true);
		await pass(0);
		expect(line.started()).toEqual([0, 1000, 2100]);
	});

	it('is first come, first served; who leaves the line costs no turn', async () => {
		const line = lineAt(open(60));
		const entrants = line.joinMany(4);
		entrants[1].leaves();
		await pass(1000);
		entrants[2].leaves();
		await pass(5000);
		expect(entrants.map(({ startedAt }) => startedAt)).toEqual([0, undefined, 1000, 2000]);
		expect(entrants[1].error).toEqual(new Error('left the line'));
	});

	it('keeps no timer for a line that everybody has left', async () => {
		const line = lineAt(open(1));
		line.joinMany(3);
		await pass(0);
		line.entrants.forEach((entrant) => entrant.leaves());
		await pass(0);
		expect(jest.getTimerCount()).toBe(0);
	});
});

/** A gate where so many requests are in flight, and so many more wait behind a refusal of all. */
async function refusedAll(count: number, retryAfterMs?: number) {
	const gate = open();
	const line = lineAt(gate);
	const burst = line.joinMany(count);
	await pass(10);
	for (const { ticket } of burst) {
		gate.refused(ticket!, retryAfterMs);
		line.join();
		await pass(1);
	}
	/** Those who are in flight and have not left yet. */
	const inFlight = () => line.entrants.slice(count).filter(({ ticket }) => ticket);
	return { gate, line, inFlight };
}

describe('a gate that the server closed', () => {
	it('stays closed for everybody until the time the server named', async () => {
		const { line } = await refusedAll(4, 5000);
		const late = line.join();
		await pass(4990);
		expect(line.started()).toHaveLength(4);
		await pass(20);
		expect(line.started()).toHaveLength(6);
		expect(late.ticket).toBeUndefined();
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('opens for half of those it was closed for, in the order of the line', async () => {
		const { line, inFlight } = await refusedAll(8, 1000);
		await pass(60_000);
		// A burst of refusals is one refusal: no half of a half.
		expect(inFlight()).toEqual(line.entrants.slice(8, 12));
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('opens for one where one was in flight', async () => {
		const { line, inFlight } = await refusedAll(1, 1000);
		line.joinMany(3);
		await pass(60_000);
		expect(inFlight()).toEqual([line.entrants[1]]);
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('opens when the server wants, however long its replies take', async () => {
		const gate = open();
		const line = lineAt(gate);
		// Two replies of a minute each, side by side, then three refusals in a row.
		const [first, second] = line.joinMany(2);
		await pass(60_000);
		gate.leave(first.ticket!, true);
		gate.leave(second.ticket!, true);
		for (let refusals = 0; refusals < 3; refusals++) {
			const next = line.join();
			await pass(1500);
			gate.refused(next.ticket!, 1000);
		}
		const last = line.join();
		await pass(1000);
		expect(line.started().slice(2)).toEqual([60_000, 62_500, 64_000, 65_500]);
		last.leaves();
	});

	it('keeps one request from the next only where several were in flight', async () => {
		const gate = open();
		const line = lineAt(gate);
		const first = line.join();
		await pass(60_000);
		gate.leave(first.ticket!, true);
		const refused = line.join();
		await pass(0);
		gate.refused(refused.ticket!, 1000);
		const quick = line.join();
		line.join();
		await pass(1500);
		gate.leave(quick.ticket!, true);
		await pass(0);
		expect(line.started()).toEqual([0, 60_000, 61_000, 61_500]);
	});

	it('widens by one with each success', async () => {
		const { gate, line, inFlight } = await refusedAll(4, 1000);
		line.joinMany(40);
		await pass(2000);
		gate.leave(inFlight()[0].ticket!, true);
		await pass(1000);
		const widths: number[] = [];
		for (let left = 1; left < 8; left++) {
			widths.push(inFlight().length - left);
			gate.leave(inFlight()[left].ticket!, true);
			await pass(1000);
		}
		expect(widths).toEqual([2, 3, 4, 5, 6, 7, 8]);
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('halves at the next refusal, and leaves those in flight alone', async () => {
		const { gate, line, inFlight } = await refusedAll(16, 1000);
		line.joinMany(40);
		await pass(2000);
		gate.leave(inFlight()[0].ticket!, true);
		await pass(5000);
		const eight = inFlight().slice(1);
		expect(eight).toHaveLength(8);
		gate.refused(eight[0].ticket!, 1000);
		await pass(5000);
		// Seven are in flight, more than the four that would be let in.
		expect(inFlight()).toHaveLength(9);
		eight.slice(1, 4).forEach(({ ticket }) => gate.leave(ticket!, false));
		await pass(5000);
		expect(inFlight()).toHaveLength(9);
		gate.leave(eight[4].ticket!, false);
		await pass(5000);
		expect(inFlight()).toHaveLength(10);
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('narrows while it is refused again, and with a success is as wide as after the first time', async () => {
		const { gate, line, inFlight } = await refusedAll(8, 1000);
		line.joinMany(20);
		await pass(2000);
		inFlight().forEach(({ ticket }) => gate.refused(ticket!, 3000));
		await pass(2990);
		expect(inFlight()).toHaveLength(4);
		await pass(20);
		expect(inFlight()).toHaveLength(4 + 2);
		gate.leave(inFlight()[4].ticket!, true);
		await pass(1000);
		expect(inFlight()).toHaveLength(4 + 1 + 4);
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('is opened no wider by a failure of another kind, or by what began before it closed', async () => {
		const gate = open();
		const line = lineAt(gate);
		const [refused, ...old] = line.joinMany(4);
		await pass(10);
		gate.refused(refused.ticket!, 1000);
		old.forEach(({ ticket }) => gate.leave(ticket!, true));
		line.joinMany(5);
		await pass(2000);
		expect(line.waiting()).toBe(3);
		gate.leave(line.entrants[4].ticket!, false);
		await pass(2000);
		expect(line.waiting()).toBe(2);
		line.entrants.forEach((entrant) => entrant.leaves());
	});

	it('stays closed for longer when a later refusal of the same burst says so', async () => {
		const gate = open();
		const line = lineAt(gate);
		const [first, second] = line.joinMany(2);
		await pass(0);
		gate.refused(first.ticket!, undefined);
		gate.refused(second.ticket!, 30_000);
		const next = line.join();
		await pass(29_990);
		expect(next.ticket).toBeUndefined();
		await pass(20);
		expect(next.startedAt).toBeGreaterThanOrEqual(30_000);
	});

	it('closes for half a second or so when the server names no time', async () => {
		const { line } = await refusedAll(1);
		await pass(100);
		expect(line.waiting()).toBe(1);
		await pass(2000);
		expect(line.waiting()).toBe(0);
	});
});

describe('a server that wants to be left alone for hours', () => {
	it('refuses everybody who waits, at once, and who comes later, and says until when', async () => {
		const gate = open();
		const line = lineAt(gate);
		const [first, second] = line.joinMany(2);
		await pass(0);
		gate.refused(first.ticket!, 1000);
		line.joinMany(3);
		gate.refused(second.ticket!, 10_800_000);
		await pass(0);
		const errors = () => line.entrants.flatMap(({ error }) => (error ? [error as Failure] : []));
		expect(errors()).toHaveLength(3);
		line.join();
		await pass(0);
		expect(errors()).toHaveLength(4);
		for (const error of errors()) {
			expect(error).toBeInstanceOf(Failure);
			expect(error.facts).toMatchObject({ kind: 'refused', cause: 'limit', status: 429 });
			expect(error.message).toMatch(/asked again in 3 hours \(HTTP 429\)$/);
			expect(error.transient).toBe(false);
		}
		await pass(10_800_000);
		line.join();
		await pass(0);
		expect(line.entrants.at(-1)?.ticket).toBeDefined();
	});

	it('is waited for when it is two minutes, and not for a moment more', async () => {
		const { line } = await refusedAll(1, 120_000);
		await pass(120_010);
		expect(line.started()).toHaveLength(2);
		const longer = await refusedAll(1, 120_100);
		await pass(0);
		expect(longer.line.waiting()).toBe(0);
		expect(longer.line.entrants[1].error).toBeInstanceOf(Failure);
	});
});
