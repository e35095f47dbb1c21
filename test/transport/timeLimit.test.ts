import { setTimeout as sleep } from 'node:timers/promises';
import { startTimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { content, event } from '../support/events';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';
import { until } from '../support/until';

const { ask, keep, limit } = useTransport();

/** Timers that are running now. */
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

/** Listeners that a signal has, as far as it calls them: none after `removeEventListener`. */
function watched() {
	const controller = new AbortController();
	const added = jest.spyOn(controller.signal, 'addEventListener');
	const removed = jest.spyOn(controller.signal, 'removeEventListener');
	return { controller, left: () => added.mock.calls.length - removed.mock.calls.length };
}

describe('the limit of an item', () => {
	it('ends a request that nobody answers, by the option’s name', async () => {
		const server = await keep(openHttp(() => {}));
		const startedAt = performance.now();
		const failure = await rejectionOf(ask(server.url, limit({ timeout: 0.2 })));
		expect(performance.now() - startedAt).toBeLessThan(1500);
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'timeLimit', limit: 'timeout', seconds: 0.2 },
			message:
				'Not finished within 0.2 seconds (option Timeout); the server had not begun to reply',
			transient: true,
		});
		expect(failure.advice).toMatch(/Timeout/);
	});

	it('ends a reply that goes on for too long, and says how far it came', async () => {
		const server = await keep(
			openHttp((_, response) => {
				const timer = setInterval(() => response.write(event(content('x'))), 20);
				response.on('close', () => clearInterval(timer));
			}),
		);
		const failure = await rejectionOf(ask(server.url, limit({ timeout: 0.4 })));
		expect(failure.facts).toEqual({ kind: 'timeLimit', limit: 'timeout', seconds: 0.4 });
		expect(failure.message).toMatch(/^Not finished within 0\.4 seconds .*; \d+ characters of/);
		expect(failure.message).not.toMatch(/; 0 characters/);
	});

	it('closes the connection that it ends', async () => {
		const closed = jest.fn();
		const server = await keep(
			openHttp((request) => {
				request.socket.on('close', closed);
			}),
		);
		await rejectionOf(ask(server.url, limit({ timeout: 0.1 })));
		await sleep(50);
		expect(closed).toHaveBeenCalled();
	});

	it('that is over already sends nothing', async () => {
		const server = await keep(openHttp((_, response) => response.end()));
		const over = limit({ timeout: 0.01 });
		await sleep(30);
		expect((await rejectionOf(ask(server.url, over))).facts.kind).toBe('timeLimit');
		expect(server.connections).toBe(0);
	});

	it('may be longer than a timer can wait', async () => {
		const long = limit({ timeout: 30 * 24 * 3600 });
		await sleep(30);
		expect(long.signal.aborted).toBe(false);
		expect(long.left()).toBeGreaterThan(29 * 24 * 3600 * 1000);
	});

	it('tells what is left of it, and never less than nothing', async () => {
		const short = limit({ timeout: 0.1 });
		expect(short.left()).toBeGreaterThan(50);
		expect(short.left()).toBeLessThanOrEqual(100);
		await sleep(150);
		expect(short.left()).toBe(0);
	});

	it('stands still while something is waited for that is not the item’s own', async () => {
		const short = limit({ timeout: 0.2 });
		expect(await short.outsideOf(sleep(400, 'done'))).toBe('done');
		expect(short.signal.aborted).toBe(false);
		expect(short.left()).toBeGreaterThan(100);
		await sleep(300);
		expect(short.signal.aborted).toBe(true);
	});

	it('goes on after a wait that failed', async () => {
		const short = limit({ timeout: 0.1 });
		await expect(short.outsideOf(Promise.reject(new Error('no')))).rejects.toThrow('no');
		await sleep(200);
		expect(short.signal.aborted).toBe(true);
	});
});

describe('the idle limit', () => {
	const stalling = async (text: string) =>
		await keep(openHttp((_, response) => void response.write(text)));

	it('ends a reply that fell silent, by the option’s name, and says how far it came', async () => {
		const server = await stalling(event(content('Hello')));
		const failure = await rejectionOf(ask(server.url, limit({ idle: 0.2 })));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'timeLimit', limit: 'idleTimeout', seconds: 0.2 },
			message:
				'The server sent nothing for 0.2 seconds in the middle of its reply (option Idle Timeout); 5 characters of the reply had come',
			transient: true,
		});
		expect(failure.advice).toMatch(/Idle Timeout/);
	});

	it('ends a whole reply that fell silent as well', async () => {
		const server = await stalling('{"choices":[');
		const failure = await rejectionOf(ask(server.url, limit({ idle: 0.2 })));
		expect(failure.facts).toMatchObject({ kind: 'timeLimit', limit: 'idleTimeout' });
	});

	it('does not count before a reply has begun: a server’s queue may be long', async () => {
		const server = await keep(
			openHttp((_, response) => {
				setTimeout(() => response.end('{"choices":[{"message":{"content":"Hi"}}]}'), 900);
			}),
		);
		const { choices } = await ask(server.url, limit({ idle: 0.2 }));
		expect(choices[0].message.content).toBe('Hi');
	});

	it('is set back by every byte, keep-alive comments too', async () => {
		const server = await keep(
			openHttp((_, response) => {
				const timer = setInterval(() => response.write(': ping\n\n'), 100);
				response.on('close', () => clearInterval(timer));
			}),
		);
		const failure = await rejectionOf(ask(server.url, limit({ timeout: 2, idle: 0.8 })));
		expect(failure.facts).toMatchObject({ limit: 'timeout' });
	});
});

describe('stopping the execution', () => {
	const cancelled = { facts: { kind: 'cancelled' }, message: 'The execution was canceled' };

	it('before a request sends nothing', async () => {
		const server = await keep(openHttp((_, response) => response.end()));
		const stopped = limit({}, AbortSignal.abort());
		expect(stopped.signal.aborted).toBe(true);
		expect(await rejectionOf(ask(server.url, stopped))).toMatchObject(cancelled);
		expect(server.connections).toBe(0);
	});

	it.each([
		['before the reply begins', ''],
		['in the middle of a reply', event(content('Hello'))],
	])('%s ends it at once and hangs up', async (_, text) => {
		const closed = jest.fn();
		const controller = new AbortController();
		const server = await keep(
			openHttp((request, response) => {
				request.socket.on('close', closed);
				if (text) response.write(text);
				setTimeout(() => controller.abort(), 100);
			}),
		);
		const startedAt = performance.now();
		const failure = await rejectionOf(ask(server.url, limit({}, controller.signal)));
		expect(performance.now() - startedAt).toBeLessThan(1500);
		expect(partsOf(failure)).toMatchObject({ ...cancelled, transient: false });
		await sleep(50);
		expect(closed).toHaveBeenCalled();
	});
});

describe('the end of a limit', () => {
	it('leaves no timer and no listener', () => {
		const before = timers();
		const { controller, left } = watched();
		const ended = startTimeLimit({ timeoutSeconds: 60, idleSeconds: 60 }, controller.signal);
		expect(timers()).toBe(before + 1);
		expect(left()).toBe(1);
		ended.end();
		expect(timers()).toBe(before);
		expect(left()).toBe(0);
		controller.abort();
		expect(ended.signal.aborted).toBe(false);
	});

	it('leaves no timer when a wait outside of it ends after it', async () => {
		const before = timers();
		const ended = startTimeLimit({ timeoutSeconds: 60, idleSeconds: 60 });
		const wait = ended.outsideOf(sleep(30));
		ended.end();
		await wait;
		// Timers of connections come and go; one of 60 seconds would stay.
		await until('its timer is gone', () => timers() <= before);
	});

	it('leaves no timer when the execution was stopped', () => {
		const before = timers();
		const controller = new AbortController();
		const ended = startTimeLimit({ timeoutSeconds: 60, idleSeconds: 60 }, controller.signal);
		controller.abort();
		ended.end();
		expect(timers()).toBe(before);
	});
});

describe('a wait outside of the limit', () => {
	const seconds = { timeoutSeconds: 1, idleSeconds: 1 };
	let limited: ReturnType<typeof startTimeLimit>;
	beforeEach(() => {
		jest.useFakeTimers();
		limited = startTimeLimit(seconds);
	});
	afterEach(() => {
		limited.end();
		jest.useRealTimers();
	});
	const forMs = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
	const pass = async (ms: number) => await jest.advanceTimersByTimeAsync(ms);

	it('stops the clock, which then goes on', async () => {
		void limited.outsideOf(forMs(5000));
		await pass(5000);
		expect(limited.left()).toBe(1000);
		await pass(999);
		expect(limited.signal.aborted).toBe(false);
		await pass(1);
		expect(limited.signal.aborted).toBe(true);
	});

	it('stops it once, when several wait at the same time', async () => {
		void limited.outsideOf(forMs(3000));
		await pass(1000);
		void limited.outsideOf(forMs(3000));
		await pass(3000);
		expect(limited.left()).toBe(1000);
	});

	it('does not stop it while a request beside is in work', async () => {
		void limited.alongside(async () => await forMs(400));
		void limited.alongside(async () => await limited.outsideOf(forMs(2000)));
		await pass(400);
		expect(limited.left()).toBe(600);
		await pass(1600);
		expect(limited.left()).toBe(600);
		await pass(600);
		expect(limited.signal.aborted).toBe(true);
	});
});
