import { createServer } from 'node:net';
import { openHttp, openRaw, closedPort, listen } from '../support/servers';
import { rejectionOf } from '../support/failure';
import { content, event, events, stop } from '../support/events';
import { partsOf, useTransport } from '../support/transport';

const { ask, keep, limit } = useTransport();

const fail = async (url: string) => partsOf(await rejectionOf(ask(url)));

describe('a server that cannot be reached', () => {
	it('because nobody listens: connection refused, by host and port', async () => {
		const url = await closedPort();
		const { host } = new URL(url);
		const failure = await rejectionOf(ask(`${url}/v1`));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'network', code: 'ECONNREFUSED', host },
			message: `Could not talk to ${host}: connection refused`,
			transient: true,
		});
		expect(failure.advice).toMatch(/host\.docker\.internal/);
	});

	it('by localhost, which has two addresses, says the same', async () => {
		const { port } = new URL(await closedPort());
		expect(await fail(`http://localhost:${port}`)).toMatchObject({
			facts: { code: 'ECONNREFUSED', host: `localhost:${port}` },
			message: `Could not talk to localhost:${port}: connection refused`,
		});
	});

	it('because there is no such host: not worth another try', async () => {
		const { facts, transient, message } = await fail('http://no-such-host.invalid:8000/v1');
		expect(facts).toMatchObject({ kind: 'network', host: 'no-such-host.invalid:8000' });
		expect([
			['ENOTFOUND', false, 'no such host'],
			['EAI_AGAIN', true, 'the name could not be looked up'],
		]).toContainEqual([
			(facts as { code: string }).code,
			transient,
			message.replace('Could not talk to no-such-host.invalid:8000: ', ''),
		]);
	});
});

describe('a connection that breaks', () => {
	it('by a reset before any answer is worth another try', async () => {
		const server = await keep(openRaw((socket) => socket.resetAndDestroy()));
		expect(await fail(server.url)).toEqual({
			facts: { kind: 'network', code: 'ECONNRESET', host: server.host },
			message: `Could not talk to ${server.host}: the connection was reset`,
			transient: true,
		});
	});

	it('by an end before any answer is worth another try', async () => {
		const server = await keep(openRaw((socket) => socket.end()));
		expect(await fail(server.url)).toEqual({
			facts: { kind: 'network', code: 'UND_ERR_SOCKET', host: server.host },
			message: `Could not talk to ${server.host}: the other side closed the connection`,
			transient: true,
		});
	});

	it.each([
		['reset', 'ECONNRESET', 'the connection was reset'],
		['end', 'UND_ERR_SOCKET', 'the other side closed the connection'],
	] as const)('by a %s in the middle of the reply is no completion', async (how, code, what) => {
		const server = await keep(
			openHttp((_, response) => {
				response.write(event(content('Hel')));
				setTimeout(() => {
					if (how === 'reset') response.socket?.resetAndDestroy();
					else response.destroy();
				}, 50);
			}),
		);
		expect(await fail(server.url)).toEqual({
			facts: { kind: 'network', code, host: server.host },
			message: `Could not talk to ${server.host}: ${what}`,
			transient: true,
		});
	});

	it('in a reply of announced length is no completion either', async () => {
		const server = await keep(
			openHttp((_, response) => {
				response.writeHead(200, { 'content-length': '1000' });
				response.write(event(content('Hel')));
				setTimeout(() => response.destroy(), 50);
			}),
		);
		const { facts, transient } = await fail(server.url);
		expect(facts.kind).toBe('network');
		expect(transient).toBe(true);
	});

	it('after [DONE] does no harm', async () => {
		const server = await keep(
			openHttp((_, response) => {
				response.write(events(content('Hello'), stop, '[DONE]'));
				setTimeout(() => response.socket?.resetAndDestroy(), 50);
			}),
		);
		expect((await ask(server.url)).choices[0].message.content).toBe('Hello');
	});
});

describe('what answers and does not speak HTTP', () => {
	it.each([
		['a greeting', 'SSH-2.0-OpenSSH_9.6\r\n'],
		['a status line without sense', 'HTTP/1.1 abc\r\n\r\n'],
		['a broken chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nrubbish'],
	])('with %s is named as such', async (_, bytes) => {
		const server = await keep(openRaw((socket) => socket.write(bytes)));
		const failure = await rejectionOf(ask(server.url));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'network', code: expect.stringMatching(/^HPE_/), host: server.host },
			message: `Could not talk to ${server.host}: what it sent is not valid HTTP`,
			transient: true,
		});
		expect(failure.advice).toMatch(/port/);
	});

	it('on a port that takes https:// only by name', async () => {
		const server = await keep(openHttp((_, response) => response.end()));
		const url = server.url.replace('http:', 'https:');
		const failure = await rejectionOf(ask(url));
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'network', host: server.host },
			message: `Could not talk to ${server.host}: it does not speak TLS there`,
			transient: false,
		});
		expect(failure.advice).toMatch(/http:\/\//);
	});

	it('but takes the connection and stays silent runs into the time limit', async () => {
		const server = await keep(listen(createServer()));
		const failure = await rejectionOf(ask(server.url, limit({ timeout: 0.3 })));
		expect(partsOf(failure)).toMatchObject({ facts: { kind: 'timeLimit', limit: 'timeout' } });
	});
});

it('no failure of the network shows the path or the query', async () => {
	const server = await keep(openRaw((socket) => socket.destroy()));
	const failure = await rejectionOf(ask(`${server.url}/secret-path`));
	expect(`${failure.message} ${failure.advice}`).not.toMatch(/secret|chat/);
});
