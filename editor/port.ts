import { once } from 'node:events';
import { connect } from 'node:net';

import { freePort } from '../e2e/harness/ports';

/** Where people expect n8n. */
const USUAL = 5678;

/** @returns the port of `PORT`, or else the usual one, or another where somebody listens there. */
export async function choosePort({ PORT }: NodeJS.ProcessEnv): Promise<number> {
	const wanted = Number(PORT || USUAL);
	if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
		throw new Error(`PORT must be a number from 1 to 65535, not '${PORT}'.`);
	}
	if (!(await isTaken(wanted))) return wanted;
	const other = await freePort();
	console.log(`Port ${wanted} is taken: n8n gets ${other} instead.`);
	return other;
}

/** Asks for a connection: to listen would succeed on some systems beside somebody who does. */
async function isTaken(port: number): Promise<boolean> {
	const socket = connect(port, '127.0.0.1');
	return await once(socket, 'connect')
		.then(() => true)
		.catch(() => false)
		.finally(() => socket.destroy());
}
