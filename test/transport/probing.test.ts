import { Probing } from '../../nodes/Gemma/transport/probing';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const now = () => performance.now();
const pass = (milliseconds: number) => jest.advanceTimersByTime(milliseconds);
/** Half of its range is no jitter at all. */
const probing = (random = 0.5) => new Probing(() => random);

describe('the wait after a refusal', () => {
	it.each([
		[0, 100],
		[100, 100],
		[1000, 1000],
		[86_400_000, 86_400_000],
	])('is what the server named, and never under 100 ms: %d', (named, wait) => {
		expect(probing().refused(now(), named)).toBe(wait);
	});

	it('that a bucket names grows while it lets few through at a time, and no more', () => {
		const ground = probing();
		const waitAfter = (successes: number) => {
			for (let done = 0; done < successes; done++) ground.succeeded(now());
			return ground.refused(now(), 1000);
		};
		expect(waitAfter(40)).toBe(1000);
		const waits = Array.from({ length: 6 }, () => waitAfter(7));
		expect(waits.slice(0, 2)).toEqual([1000, 1014]);
		waits.slice(2).forEach((wait, index) => expect(wait).toBeGreaterThan(waits[index + 1]));
		expect(waitAfter(12)).toBe(1000);
	});

	it('that named none is under a second at first, and longer with each vain try', () => {
		const ground = probing();
		const waits = Array.from({ length: 20 }, () => {
			const wait = ground.refused(now(), undefined);
			pass(wait);
			return wait;
		});
		expect(waits[0]).toBeGreaterThanOrEqual(100);
		expect(waits[0]).toBeLessThan(1000);
		const growing = waits.slice(0, 12);
		growing.slice(1).forEach((wait, index) => expect(wait).toBeGreaterThan(growing[index]));
		expect(waits.at(-1)).toBe(30_000);
	});

	it('differs from that of another worker of the same account', () => {
		const [early, late] = [0, 1].map((random) => probing(random).refused(now(), undefined));
		expect(late / early).toBeCloseTo(5 / 3);
	});

	it('begins small again after a success', () => {
		const ground = probing();
		const first = ground.refused(now(), undefined);
		for (let tries = 0; tries < 5; tries++) ground.refused(now(), undefined);
		ground.succeeded(now());
		for (let successes = 0; successes < 20; successes++) ground.succeeded(now());
		expect(ground.refused(now(), undefined)).toBeLessThanOrEqual(first);
	});

	it('is never under 100 ms, however well the time of the next opening is known', () => {
		const ground = probing(0);
		const many = () => Array.from({ length: 40 }, () => ground.succeeded(now()));
		many();
		pass(500);
		ground.refused(now(), undefined);
		pass(490);
		ground.refused(now(), undefined);
		pass(10);
		// It opened between 990 and 1000 ms after the last time.
		many();
		pass(995);
		expect(ground.refused(now(), undefined)).toBe(100);
	});

	it('is longer each time when only a handful got through since the last one', () => {
		const ground = probing();
		const waits = Array.from({ length: 5 }, () => {
			const wait = ground.refused(now(), undefined);
			pass(wait);
			for (let successes = 0; successes < 5; successes++) ground.succeeded(now());
			return wait;
		});
		waits.slice(1).forEach((wait, index) => expect(wait).toBeGreaterThan(waits[index]));
	});
});

describe('a success', () => {
	it('ends a closure once, and only while there is one', () => {
		const ground = probing();
		expect(ground.succeeded(now())).toBe(false);
		ground.refused(now(), undefined);
		expect(ground.isProbe).toBe(true);
		expect(ground.succeeded(now())).toBe(true);
		expect(ground.isProbe).toBe(false);
		expect(ground.succeeded(now())).toBe(false);
	});
});

/** Rounds against an account that takes 40 requests in each window; what each of them cost. */
function rounds(count: number, windowMs: number, random: () => number) {
	const ground = new Probing(random);
	let opensAt = now();
	return Array.from({ length: count }, () => {
		for (let taken = 0; taken < 40; taken++) {
			pass(windowMs / 100);
			ground.succeeded(now());
		}
		opensAt += windowMs;
		let refusals = 0;
		do {
			refusals++;
			pass(Math.ceil(ground.refused(now(), undefined)));
		} while (now() < opensAt);
		const late = now() - opensAt;
		ground.succeeded(now());
		// The next window begins with the first request in it.
		opensAt = now();
		return { refusals, late };
	});
}

describe.each([3000, 10_000, 60_000])('a window of %d ms that is refused without a time', (ms) => {
	it('is found out: later rounds cost fewer refusals and little time', () => {
		let seed = 0;
		const costs = rounds(12, ms, () => (seed = (seed + 0.37) % 1));
		const last = costs.slice(-6);
		for (const { refusals, late } of last) {
			expect(refusals).toBeLessThanOrEqual(4);
			expect(late).toBeLessThan(ms / 5);
		}
		expect(last[5].refusals).toBeLessThanOrEqual(costs[0].refusals);
	});
});
