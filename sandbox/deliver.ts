import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Fault } from './faults';
import type { Reply } from './reply';
import { sleep } from './sleep';
import { toSteps } from './steps';

/** Time for the client to read what came before its connection ends: a reset may overtake bytes. */
const SETTLE_MS = 20;

async function* piecesOf({ body }: Reply, signal: AbortSignal): AsyncGenerator<Buffer> {
	if (Buffer.isBuffer(body)) yield body;
	else for await (const piece of body(signal)) yield Buffer.from(piece);
}

/**
 * Resolves once the bytes are with the system, or the client is gone; always a turn of the event
 * loop later, so that a client in this very process reads each piece by itself.
 */
function write(response: ServerResponse, bytes: Buffer, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		if (signal.aborted) return resolve();
		const done = () => {
			signal.removeEventListener('abort', done);
			setImmediate(resolve);
		};
		signal.addEventListener('abort', done);
		response.write(bytes, done);
	});
}

function writeHead(response: ServerResponse, { status, headers, body }: Reply): void {
	const hasNoBody = status === 204 || status === 304;
	const length =
		Buffer.isBuffer(body) && !hasNoBody ? { 'content-length': String(body.length) } : {};
	response.writeHead(status, { ...length, ...headers });
	response.flushHeaders();
}

/**
 * Sends a reply, with what the fault does to it on the way. Stops by itself when the client hangs
 * up. `tcp` is the connection below TLS: only that one can be reset.
 */
export async function deliver(
	reply: Reply,
	fault: Fault,
	response: ServerResponse,
	tcp: Socket,
): Promise<void> {
	const closing = new AbortController();
	response.once('close', () => closing.abort());
	if (response.destroyed) closing.abort();
	const { signal } = closing;

	await sleep((fault.delayMs ?? 0) + (reply.delayMs ?? 0), signal);
	if (fault.reset === 'before') return void tcp.resetAndDestroy();
	if (signal.aborted) return;
	writeHead(response, reply);
	for await (const step of toSteps(piecesOf(reply, signal), fault)) {
		if (step.kind === 'write') await write(response, step.bytes, signal);
		else if (step.kind === 'pause') await sleep(step.ms, signal);
		else {
			await sleep(SETTLE_MS, signal);
			if (step.kind === 'reset') tcp.resetAndDestroy();
			else tcp.destroy();
			return;
		}
		if (signal.aborted) return;
	}
	response.end();
}
