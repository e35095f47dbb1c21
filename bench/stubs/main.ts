import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

import { serve } from '../measure/child';
import { createChatServer } from './chatServer';
import { createStreamServer } from './streamServer';
import type { StubOptions, StubReport } from './types';

export type StubMessage = { open: StubOptions } | { tell: 'report' } | { tell: 'reset' };

const nothing = (): StubReport => ({ received: 0, refused: 0, connections: 0, bytes: 0 });
const report = nothing();
const sockets = new Map<Socket, number>();
let server: Server | undefined;
let resetServer = () => {};

async function open(options: StubOptions): Promise<string> {
	if (options.streamTokens) server = createStreamServer(options.streamTokens);
	else ({ server, reset: resetServer } = createChatServer(options, report));
	server.on('connection', (socket: Socket) => {
		report.connections++;
		sockets.set(socket, 0);
		socket.on('close', () => {
			count(socket);
			sockets.delete(socket);
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}/v1`;
}

/** Adds what a connection has brought since it was looked at last. */
function count(socket: Socket): void {
	report.bytes += socket.bytesRead - (sockets.get(socket) ?? 0);
	sockets.set(socket, socket.bytesRead);
}

serve<StubMessage>(
	async (message) => {
		if ('open' in message) return await open(message.open);
		for (const socket of sockets.keys()) count(socket);
		if (message.tell === 'reset') {
			delete report.firstReceivedAt;
			Object.assign(report, nothing());
			resetServer();
		}
		return report;
	},
	async () => {
		server?.close();
		for (const socket of sockets.keys()) socket.destroy();
	},
);
