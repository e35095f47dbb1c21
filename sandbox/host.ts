import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SandboxOptions } from './settings';

/** One listening server and its connections. */
export interface Host {
	/** `http://127.0.0.1:port`, without a path. */
	origin: string;
	openSockets(): number;
	/** The TCP connection under a request's socket, which may be a TLS one. */
	tcpOf(socket: Socket): Socket;
	/** Ends all connections and resolves when the port is free. */
	close(): Promise<void>;
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, '127.0.0.1', () => {
			server.off('error', reject);
			resolve();
		});
	});
}

/** @throws the system's error, `EADDRINUSE` when the port is taken */
export async function openHost(
	port: number,
	tls: SandboxOptions['tls'],
	listener: RequestListener,
): Promise<Host> {
	const server = tls ? createTlsServer(tls, listener) : createServer(listener);
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	await listen(server, port);
	const { port: openPort } = server.address() as AddressInfo;

	return {
		origin: `${tls ? 'https' : 'http'}://127.0.0.1:${openPort}`,
		openSockets: () => sockets.size,
		tcpOf: (socket) => {
			if (sockets.has(socket)) return socket;
			return [...sockets].find(({ remotePort }) => remotePort === socket.remotePort) ?? socket;
		},
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			const ended = [...sockets].map((socket) => {
				const end = once(socket, 'close');
				socket.destroy();
				return end;
			});
			await Promise.all([closed, ...ended]);
		},
	};
}
