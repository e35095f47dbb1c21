import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import { trusted } from '../../test/support/certificates';
import { STREAMED, WHOLE } from './answers';
import { Limit } from './limit';
import { Throttle } from './throttle';
import type { StubOptions, StubReport } from './types';

/** A body longer than this carries pictures, of which only the fields around them matter. */
const LONGEST_KEPT = 64 * 1024;

/** Speaks chat completions as the options say, and writes into `report` what comes. */
export function createChatServer(
	options: StubOptions,
	report: StubReport,
): { server: Server; reset(): void } {
	const { latencyMs = 0 } = options;
	const throttle = new Throttle(options.bytesPerSecond);
	const limit = options.limit && new Limit(options.limit);

	const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const wantsStream = (await read(request, throttle)).includes('"stream":true');
		report.received++;
		report.firstReceivedAt ??= performance.timeOrigin + performance.now();
		const waitMs = limit?.take(performance.now());
		if (waitMs !== undefined) {
			report.refused++;
			refuse(response, options.limit?.retryAfter ? waitMs : undefined);
			return;
		}
		if (latencyMs > 0) await sleep(latencyMs);
		response.setHeader('content-type', wantsStream ? 'text/event-stream' : 'application/json');
		response.end(wantsStream ? STREAMED : WHOLE);
	};
	const listener = (request: IncomingMessage, response: ServerResponse) => {
		// A client that hangs up gets no answer.
		answer(request, response).catch(() => response.destroy());
	};
	const server = options.tls ? createTlsServer(trusted, listener) : createServer(listener);
	// Connections that a client keeps must not be closed between two of its runs.
	server.keepAliveTimeout = 60_000;
	return { server, reset: () => limit?.reset() };
}

/** Reads a body to its end; of a long one gives the first and the last pieces only. */
async function read(request: IncomingMessage, throttle: Throttle): Promise<string> {
	const pieces: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request) {
		pieces.push(chunk as Buffer);
		bytes += (chunk as Buffer).length;
		if (bytes > LONGEST_KEPT && pieces.length > 3) pieces.splice(1, 1);
		await throttle.pass((chunk as Buffer).length);
	}
	return Buffer.concat(pieces).toString('latin1');
}

function refuse(response: ServerResponse, retryAfterMs: number | undefined): void {
	if (retryAfterMs !== undefined) {
		response.setHeader('retry-after', Math.ceil(retryAfterMs / 1000));
	}
	response.writeHead(429, { 'content-type': 'application/problem+json' });
	response.end(JSON.stringify({ status: 429, title: 'Too Many Requests' }));
}
