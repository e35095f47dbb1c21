import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { seededRandom } from './random';
import type { Recording } from './recording';
import { wholeRequest } from './wholeRequest';

export { loadRecording, type Recording, recordingNames } from './recording';

export interface ReplayOptions {
	/** Where the reply is cut: as recorded, after every byte, or at places a seed decides. */
	cut?: 'recorded' | 'bytes' | { seed: number };
	/** Milliseconds between two pieces; they follow each other at once unless given. */
	pauseMs?: number;
}

export interface Replay {
	url: string;
	/** The requests that came, raw and whole, in order. */
	requests: Buffer[];
	/** Ends every connection and the server. */
	close(): Promise<void>;
}

/**
 * A TCP server on 127.0.0.1 that answers every connection with the same raw bytes, HTTP framing
 * included, once the whole request is there, and then hangs up.
 *
 * @param reply a recording, or the raw bytes of a response
 */
export async function replay(
	reply: Recording | Buffer,
	{ cut = 'recorded', pauseMs }: ReplayOptions = {},
): Promise<Replay> {
	const chunks = Buffer.isBuffer(reply) ? [reply] : reply.chunks.map(({ bytes }) => bytes);
	const requests: Buffer[] = [];
	const sockets = new Set<Socket>();

	const answer = async (socket: Socket) => {
		const request = await wholeRequest(socket);
		if (!request) return;
		requests.push(request);
		for (const piece of cutUp(chunks, cut)) {
			if (socket.destroyed) return;
			socket.write(piece);
			await (pauseMs === undefined ? setImmediate() : setTimeout(pauseMs));
		}
		socket.end();
	};
	const server = createServer({ noDelay: true }, (socket) => {
		sockets.add(socket);
		// Clients that hang up in mid-reply are part of what is tested.
		socket.on('error', () => socket.destroy());
		socket.on('close', () => sockets.delete(socket));
		void answer(socket);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		requests,
		async close() {
			const closed = once(server, 'close');
			server.close();
			sockets.forEach((socket) => socket.destroy());
			await closed;
		},
	};
}

/** The same bytes in other pieces. */
function* cutUp(chunks: Buffer[], cut: ReplayOptions['cut']): Generator<Buffer> {
	if (cut === 'recorded') {
		yield* chunks;
		return;
	}
	const bytes = Buffer.concat(chunks);
	const random = typeof cut === 'object' ? seededRandom(cut.seed) : () => 0;
	for (let at = 0; at < bytes.length; ) {
		// Mostly short pieces, now and then a long one: short ones split what belongs together.
		const length = Math.ceil(1 / (1 - random()) ** 1.5);
		yield bytes.subarray(at, at + length);
		at += length;
	}
}
