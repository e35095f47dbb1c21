import type { RequestListener } from 'node:http';
import { download } from '../../nodes/Gemma/transport/download';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';
import { until } from '../support/until';

const { keep, network, limit } = useTransport();

const serve = async (listener: RequestListener) => await keep(openHttp(listener));

describe('the time of a download', () => {
	const stalling: RequestListener = (_, response) => void response.write('x');

	it('is 30 seconds, and a failure then names the host', async () => {
		let asked = 0;
		const server = await serve((request, response) => {
			asked++;
			stalling(request, response);
		});
		// Only what the node itself waits for: the sockets' own timers stay real.
		jest.useFakeTimers({
			doNotFake: [
				'nextTick',
				'setImmediate',
				'queueMicrotask',
				'performance',
				'Date',
				'setInterval',
			],
		});
		try {
			const long = limit({ timeout: 600 });
			const failing = rejectionOf(download(await network(), `${server.url}/private`, long));
			await until('it was asked', () => asked > 0);
			jest.advanceTimersByTime(29_000);
			await new Promise((resolve) => setImmediate(resolve));
			jest.advanceTimersByTime(1_100);
			expect(partsOf(await failing)).toEqual({
				facts: { kind: 'timeLimit', limit: 'download', seconds: 30 },
				message: `A picture at ${server.host} did not arrive within 30 seconds`,
				transient: true,
			});
		} finally {
			jest.useRealTimers();
		}
	});

	it('counts in the item’s own, which speaks for itself', async () => {
		const server = await serve(stalling);
		const failing = download(await network(), server.url, limit({ timeout: 0.2 }));
		expect((await rejectionOf(failing)).facts).toEqual({
			kind: 'timeLimit',
			limit: 'timeout',
			seconds: 0.2,
		});
	});

	it('ends when the execution is stopped', async () => {
		const server = await serve(stalling);
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 100);
		const failing = download(await network(), server.url, limit({}, controller.signal));
		expect((await rejectionOf(failing)).facts).toEqual({ kind: 'cancelled' });
	});

	it('leaves no timer behind', async () => {
		const server = await serve((_, response) => response.end('picture'));
		const cleared = jest.spyOn(global, 'clearTimeout');
		const started = jest.spyOn(global, 'setTimeout');
		await download(await network(), server.url, limit());
		const own = started.mock.calls.findIndex(([, delay]) => delay === 30_000);
		expect(own).toBeGreaterThanOrEqual(0);
		expect(cleared).toHaveBeenCalledWith(started.mock.results[own].value);
		jest.restoreAllMocks();
	});
});
