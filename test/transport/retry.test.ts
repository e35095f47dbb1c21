import { Failure, inputFailure } from '../../nodes/Gemma/failure';
import { networkFailure } from '../../nodes/Gemma/transport/networkFailure';
import { refusalOf } from '../../nodes/Gemma/transport/refusal';
import { withRetries } from '../../nodes/Gemma/transport/retry';
import { idleFailure, startTimeLimit, type TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { rejectionOf } from '../support/failure';

jest.mock('node:timers/promises', () => jest.requireActual('../support/virtualTimers'));

let limits: TimeLimit[] = [];
beforeEach(() => jest.useFakeTimers());
afterEach(() => {
	limits.forEach((limit) => limit.end());
	limits = [];
	expect(jest.getTimerCount()).toBe(0);
	jest.useRealTimers();
	jest.restoreAllMocks();
});

function limitOf(timeoutSeconds = 600, cancel?: AbortSignal): TimeLimit {
	const limit = startTimeLimit({ timeoutSeconds, idleSeconds: 60 }, cancel);
	limits.push(limit);
	return limit;
}

const network = (code: string) => networkFailure(Object.assign(new Error(code), { code }), 'a:1');
const busy = (retryAfterMs?: number) => refusalOf(503, 'Busy', { retryAfterMs });

/** Work that fails in turn with these, and then succeeds; and when it was started. */
function failing(...failures: unknown[]) {
	const starts: number[] = [];
	const work = async () => {
		starts.push(performance.now());
		const failure = failures[starts.length - 1];
		if (failure !== undefined) await Promise.reject(failure as Error);
		return 'done';
	};
	return { work, starts, waits: () => starts.slice(1).map((at, index) => at - starts[index]) };
}

/** Lets the time pass that the retries wait for. */
async function inTime<Result>(running: Promise<Result>): Promise<Result> {
	running.catch(() => {});
	await jest.runAllTimersAsync();
	return await running;
}

const always = (failure: unknown) => failing(...Array.from({ length: 99 }, () => failure));

describe('a failure that may pass is retried', () => {
	const passing: Array<[string, Failure]> = [
		...[408, 409, 429, 500, 502, 503, 504, 529].map((status): [string, Failure] => [
			`HTTP ${status}`,
			refusalOf(status, 'Not now'),
		]),
		...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET'].map(
			(code): [string, Failure] => [code, network(code)],
		),
		['a reply that broke off', new Failure({ kind: 'brokenReply' }, 'x', 'y', { transient: true })],
	];
	it.each(passing)('%s', async (_, failure) => {
		const { work, starts } = failing(failure);
		expect(await inTime(withRetries(work, 1, limitOf()))).toBe('done');
		expect(starts).toHaveLength(2);
	});
});

describe('a gateway’s failure is retried whatever words it chose', () => {
	it.each([
		[502, 'Upstream request body could not be read: connection limit reached'],
		[503, 'The request exceeded the limit of the queue'],
		[504, 'The upstream request took longer than 60 seconds'],
		[529, 'Too many tokens are in work; the context window of the server is full'],
	])('HTTP %d %s', (status, words) => {
		expect(refusalOf(status, words)).toMatchObject({ transient: true, facts: { cause: 'busy' } });
	});
});

describe('a failure that stays is not retried', () => {
	const lasting: Array<[string, unknown]> = [
		...[400, 401, 402, 403, 404, 405, 410, 413, 415, 418, 422, 451, 307].map(
			(status): [string, Failure] => [`HTTP ${status}`, refusalOf(status, 'No')],
		),
		['a picture for a model without eyes', refusalOf(500, 'image input is not supported')],
		['a malformed body', refusalOf(500, 'Failed to parse messages')],
		['a wrong certificate', network('CERT_HAS_EXPIRED')],
		['a host that does not exist', network('ENOTFOUND')],
		['the idle limit', idleFailure(1, 'nothing had come')],
		['a value that cannot work', inputFailure('Model', 'Model is empty', 'Pick one.')],
		['a stop', new Failure({ kind: 'cancelled' }, 'The execution was canceled', '')],
		['an error of the node itself', new TypeError('undefined is not a function')],
	];
	it.each(lasting)('%s', async (_, failure) => {
		const { work, starts } = failing(failure);
		await expect(inTime(withRetries(work, 4, limitOf()))).rejects.toBe(failure);
		expect(starts).toHaveLength(1);
	});

	it('the limit of the item', async () => {
		const limit = limitOf(1);
		const { work, starts } = failing();
		const untilOver = async () => {
			await work();
			await jest.advanceTimersByTimeAsync(1000);
			limit.signal.throwIfAborted();
		};
		const failure = await rejectionOf(withRetries(untilOver, 4, limit));
		expect(failure.facts).toMatchObject({ kind: 'timeLimit', limit: 'timeout' });
		expect(starts).toHaveLength(1);
	});
});

describe('Max Retries', () => {
	it.each([
		[0, 1, 'Busy (HTTP 503)'],
		[1, 2, 'Busy (HTTP 503) (tried 2 times)'],
		[4, 5, 'Busy (HTTP 503) (tried 5 times)'],
	])('of %d is %d tries, and the message says so', async (maxRetries, tries, message) => {
		const { work, starts } = always(busy(0));
		const failure = await rejectionOf(inTime(withRetries(work, maxRetries, limitOf())));
		expect(starts).toHaveLength(tries);
		expect(failure).toMatchObject({ message, transient: true, facts: { status: 503 } });
		expect(failure.advice).toBe(busy().advice);
	});

	it('lets the failure be read that came last', async () => {
		const { work } = failing(busy(0), network('ECONNRESET'), refusalOf(400, 'Too hot'));
		const failure = await rejectionOf(inTime(withRetries(work, 9, limitOf())));
		expect(failure.message).toBe('Too hot (HTTP 400)');
	});
});

describe('the wait before a retry', () => {
	it.each([0, 0.3, 0.999])('doubles, up to 30 seconds, with jitter (%d)', async (random) => {
		jest.spyOn(Math, 'random').mockReturnValue(random);
		const { work, waits } = always(network('ECONNRESET'));
		await rejectionOf(inTime(withRetries(work, 9, limitOf(86_400))));
		const bases = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
		expect(waits()).toHaveLength(9);
		waits().forEach((wait, index) => {
			const share = (wait / bases[index]) * 2 - 1;
			// Timers count whole milliseconds.
			expect(share).toBeCloseTo(random, 1);
			expect(wait).toBeGreaterThanOrEqual(100);
		});
	});

	it.each([
		[0, 100],
		[1500, 1500],
		[7000, 7000],
		[120_000, 120_000],
	])('is what the server named, and never under 100 ms: %d', async (named, waited) => {
		const { work, waits } = failing(busy(named));
		await inTime(withRetries(work, 1, limitOf()));
		expect(waits()).toEqual([waited]);
	});

	it('ends at once with a stop, and leaves no timer', async () => {
		const controller = new AbortController();
		const { work, starts } = always(busy(60_000));
		const running = withRetries(work, 4, limitOf(600, controller.signal));
		running.catch(() => {});
		await jest.advanceTimersByTimeAsync(20_000);
		controller.abort();
		expect((await rejectionOf(running)).facts).toEqual({ kind: 'cancelled' });
		expect(performance.now()).toBeLessThan(starts[0] + 21_000);
		expect(starts).toHaveLength(1);
	});

	it('tells the item’s limit what it was waiting for', async () => {
		const limit = limitOf();
		const { work } = failing(busy(60_000));
		const running = withRetries(work, 4, limit);
		await jest.advanceTimersByTimeAsync(1000);
		expect(limit.progress).toBe(
			'it was waiting for try 2; the last one ended with: Busy (HTTP 503)',
		);
		await inTime(running);
	});
});

describe('a wait that is too long', () => {
	it.each([
		['two minutes', 120_001, 600, '3 minutes'],
		['two minutes by far', 10_800_000, 600, '3 hours'],
		['what is left of the item’s time', 30_000, 20, '30 seconds'],
	])('fails at once: longer than %s', async (_, named, timeout, words) => {
		const { work, starts } = always(busy(named));
		const failure = await rejectionOf(withRetries(work, 4, limitOf(timeout)));
		expect(failure.message).toBe(`Busy (HTTP 503); the server wants to be asked again in ${words}`);
		expect(failure.advice).toMatch(/longer than this node waits.* overloaded/);
		expect(failure.facts).toMatchObject({ status: 503, retryAfterMs: named });
		expect(failure.transient).toBe(false);
		expect(starts).toHaveLength(1);
	});

	it('counts what the tries before it took', async () => {
		const { work, starts } = always(busy(9000));
		const failure = await rejectionOf(inTime(withRetries(work, 9, limitOf(20))));
		expect(starts).toHaveLength(3);
		expect(failure.message).toContain('asked again in 9 seconds');
	});

	it('is not said to be the server’s wish when it named none', async () => {
		const { work, starts } = always(network('ECONNRESET'));
		const failure = await rejectionOf(inTime(withRetries(work, 9, limitOf(3))));
		expect(failure.message).toBe(
			`Could not talk to a:1: the connection was reset (tried ${starts.length} times)`,
		);
		expect(starts.length).toBeGreaterThan(1);
		expect(failure.transient).toBe(true);
	});
});
