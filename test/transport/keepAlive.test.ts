import { startSandbox } from '../../sandbox';
import { complete } from '../../nodes/Gemma/transport/chat';
import { send } from '../../nodes/Gemma/transport/exchange';
import { refusal } from '../../nodes/Gemma/transport/refusal';
import { content, events, stop, wholeCompletion } from '../support/events';
import { openHttp } from '../support/servers';
import { until } from '../support/until';
import { openServer, question, sandboxConnection, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();
const CALLS = 20;

/** Makes calls one after the other in one run. */
async function callOften(url: string, calls = CALLS): Promise<void> {
	const run = await network();
	for (let call = 0; call < calls; call++) {
		const options = { assetIds: [], maxRetries: 0, limit: limit() };
		await complete(run, openServer(url), question, options).catch(() => undefined);
	}
}

describe('calls of one run, one after the other,', () => {
	it('use one connection when replies come whole', async () => {
		const body = JSON.stringify(wholeCompletion('Hello'));
		const server = await keep(openHttp((_, response) => response.end(body)));
		await callOften(server.url);
		expect(server.connections).toBe(1);
	});

	it('use one connection when replies are streamed', async () => {
		const body = events(content('Hel'), content('lo'), stop, '[DONE]');
		const server = await keep(openHttp((_, response) => response.end(body)));
		await callOften(server.url);
		expect(server.connections).toBe(1);
	});

	it('use two in turn when the end of a stream comes apart from its last event', async () => {
		const sandbox = await keep(startSandbox());
		const run = await network();
		for (let call = 0; call < CALLS; call++) {
			const options = { assetIds: [], maxRetries: 0, limit: limit() };
			await complete(run, sandboxConnection(sandbox), question, options);
		}
		expect(sandbox.openSockets).toBeLessThanOrEqual(2);
	});

	it('use one connection when the end comes a moment after [DONE]', async () => {
		const server = await keep(
			openHttp((_, response) => {
				response.write(events(content('Hello'), stop, '[DONE]'));
				setTimeout(() => response.end(), 20);
			}),
		);
		const run = await network();
		for (let call = 0; call < 5; call++) {
			const options = { assetIds: [], maxRetries: 0, limit: limit() };
			await complete(run, openServer(server.url), question, options);
			await new Promise((resolve) => setTimeout(resolve, 60));
		}
		expect(server.connections).toBe(1);
	});

	it('use one connection when the server refuses each', async () => {
		const server = await keep(
			openHttp((_, response) => response.writeHead(429).end('{"title":"Too Many Requests"}')),
		);
		await callOften(server.url);
		expect(server.connections).toBe(1);
	});

	it('open another only where the server never ends a reply, and give the old one up', async () => {
		let givenUp = 0;
		const server = await keep(
			openHttp((_, response) => {
				response.write(events(content('Hello'), stop, '[DONE]'));
				response.on('close', () => givenUp++);
			}),
		);
		await callOften(server.url, 3);
		expect(server.connections).toBe(3);
		await until('all connections are given up', () => givenUp === 3);
	});
});

describe('the end of a run', () => {
	it('closes every connection, also those in the middle of a reply', async () => {
		const server = await keep(
			openHttp((_, response) => {
				response.write('data: x');
			}),
		);
		const run = await network();
		const request = { method: 'GET' as const, url: server.url, headers: {}, as: 'own' as const };
		await send(run, request, limit());
		await send(run, { ...request, as: 'foreign' }, limit());
		expect(server.open).toBe(2);
		await run.close();
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(server.open).toBe(0);
	});
});

it('an error page larger than what is read of it costs no connection of its own', async () => {
	const page = 'x'.repeat(200_000);
	const server = await keep(openHttp((_, response) => response.writeHead(500).end(page)));
	const run = await network();
	for (let call = 0; call < 3; call++) {
		const request = { method: 'GET' as const, url: server.url, headers: {}, as: 'own' as const };
		const failure = await refusal(await send(run, request, limit()));
		expect(failure.message).toMatch(/^x{499}… \(HTTP 500\)$/);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
	expect(server.connections).toBe(1);
});
