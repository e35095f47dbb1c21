import type { Socket } from 'node:net';

/**
 * Waits for one HTTP request with its body, by Content-Length or chunked, and gives its raw bytes;
 * undefined when the client hung up before it was complete.
 */
export async function wholeRequest(socket: Socket): Promise<Buffer | undefined> {
	const parts: Buffer[] = [];
	let received = 0;
	let expected: number | undefined;
	return await new Promise((resolve) => {
		socket.on('data', (part) => {
			parts.push(part);
			received += part.length;
			// Looked for until found, then only counted: bodies with pictures come in many parts.
			expected ??= lengthOf(Buffer.concat(parts));
			if (expected !== undefined && received >= expected) {
				resolve(Buffer.concat(parts).subarray(0, expected));
			}
		});
		socket.on('close', () => resolve(undefined));
	});
}

/** Bytes from the first header to the body's end, or undefined while that cannot be known. */
function lengthOf(received: Buffer): number | undefined {
	const headEnd = received.indexOf('\r\n\r\n');
	if (headEnd < 0) return undefined;
	const head = received.toString('latin1', 0, headEnd);
	const bodyStart = headEnd + 4;
	if (/^transfer-encoding:.*chunked/im.test(head)) return endOfChunks(received, bodyStart);
	const [, length = '0'] = /^content-length:\s*(\d+)/im.exec(head) ?? [];
	return bodyStart + Number(length);
}

function endOfChunks(received: Buffer, start: number): number | undefined {
	for (let at = start; ; ) {
		const lineEnd = received.indexOf('\r\n', at);
		if (lineEnd < 0) return undefined;
		const size = parseInt(received.toString('latin1', at, lineEnd), 16);
		at = lineEnd + 2 + size + 2;
		if (size === 0) return received.length >= at ? at : undefined;
	}
}
