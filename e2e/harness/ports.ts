import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

/** @returns ports on 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
	await Promise.all(servers.map(async (server) => await once(server, 'listening')));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(
		servers.map(async (server) => {
			const closed = once(server, 'close');
			server.close();
			await closed;
		}),
	);
	return ports;
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0];
