import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** The gateway's limit for one request, as read in NVIDIA's source. */
export const API_BODY_LIMIT = 25 * 1024 * 1024;
/** What the storage host keeps of one upload. */
export const STORAGE_BODY_LIMIT = 100 * 1024 * 1024;

export interface ReceivedRequest {
	method: string;
	url: URL;
	headers: IncomingHttpHeaders;
	/** Empty when the body was over the limit. */
	body: Buffer;
	isOversize: boolean;
	/** Bytes that came in, those over the limit included. */
	bytes: number;
}

/**
 * Reads a request to its end. What is over the limit is counted and dropped rather than cut
 * short: a client that is still sending would see a broken connection and never the refusal.
 *
 * @throws the socket's error when the client goes away
 */
export async function receive(request: IncomingMessage, limit: number): Promise<ReceivedRequest> {
	const chunks: Buffer[] = [];
	let bytes = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		bytes += chunk.length;
		if (bytes <= limit) chunks.push(chunk);
		else chunks.length = 0;
	}
	return {
		method: request.method ?? 'GET',
		url: new URL(request.url ?? '/', 'http://sandbox'),
		headers: request.headers,
		body: Buffer.concat(chunks),
		isOversize: bytes > limit,
		bytes,
	};
}
