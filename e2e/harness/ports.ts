import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems hand out to outgoing connections: one of those could be first. */
const RANGE = { from: 15_000, to: 30_000 };

/** @returns ports on 127.0.0.1 that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
	const ports = new Set<number>();
	while (ports.size < count) {
		const port = randomInt(RANGE.from, RANGE.to);
		if (await isFree(port)) ports.add(port);
	}
	return [...ports];
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0];

async function isFree(port: number): Promise<boolean> {
	const server = createServer();
	const listening = once(server, 'listening').then(
		() => true,
		() => false,
	);
	server.listen(port, '127.0.0.1');
	if (!(await listening)) return false;
	const closed = once(server, 'close');
	server.close();
	await closed;
	return true;
}
