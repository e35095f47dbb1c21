import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { wholeRequest } from './wholeRequest';

export interface TestServer {
	/** `http://127.0.0.1:…`, or `https://` with certificates. */
	url: string;
	/** Host and port, as messages name it. */
	host: string;
	/** Connections accepted so far. */
	readonly connections: number;
	/** Connections open now. */
	readonly open: number;
	close(): Promise<void>;
}

/** An HTTP server on 127.0.0.1, with TLS when it gets a certificate and its key. */
export const openHttp = async (
	listener: RequestListener,
	tls?: { cert: string; key: string },
): Promise<TestServer> =>
	await listen(
		tls ? createHttpsServer(tls, listener) : createHttpServer(listener),
		tls ? 'https' : 'http',
	);

/** A TCP server on 127.0.0.1 that hands over each connection once a whole HTTP request came. */
export const openRaw = async (answer: (socket: Socket, request: string) => void) =>
	await listen(
		createServer((socket) => {
			socket.on('error', () => socket.destroy());
			void wholeRequest(socket).then(
				(request) => request && answer(socket, request.toString('latin1')),
			);
		}),
	);

/** Listens on 127.0.0.1, counts connections and can end them all. */
export async function listen(server: Server, protocol = 'http'): Promise<TestServer> {
	const sockets = new Set<Socket>();
	let connections = 0;
	server.on('connection', (socket: Socket) => {
		connections += 1;
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url: `${protocol}://${host}`,
		host,
		get connections() {
			return connections;
		},
		get open() {
			return sockets.size;
		},
		close: async () => {
			const closed = once(server, 'close');
			server.close();
			sockets.forEach((socket) => socket.destroy());
			await closed;
		},
	};
}

/** The address of a port on 127.0.0.1 where nobody listens. */
export async function closedPort(): Promise<string> {
	const server = await listen(createServer());
	await server.close();
	return server.url;
}
