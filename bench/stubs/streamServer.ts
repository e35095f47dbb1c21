import { createServer, type Server } from 'node:net';

import { streamOf } from './answers';

/**
 * Answers every request on a connection with the same stream, made beforehand: a server that wrote
 * each token would be slower than some of its readers. Requests come one at a time and have a
 * Content-Length.
 */
export function createStreamServer(tokens: number): Server {
	const reply = streamOf(tokens);
	return createServer({ noDelay: true }, (socket) => {
		let request = '';
		socket.setEncoding('latin1');
		socket.on('error', () => socket.destroy());
		socket.on('data', (text: string) => {
			request += text;
			const end = request.indexOf('\r\n\r\n');
			const length = Number(/^content-length: *(\d+)/im.exec(request)?.[1] ?? 0);
			if (end < 0 || request.length < end + 4 + length) return;
			request = '';
			socket.write(reply);
		});
	});
}
