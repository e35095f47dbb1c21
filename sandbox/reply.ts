/** The pieces of a streamed body; each is written to the socket by itself. */
export type Pieces = (signal: AbortSignal) => AsyncIterable<string>;

export interface Reply {
	status: number;
	headers: Record<string, string>;
	/** The whole body, or its pieces. */
	body: Buffer | Pieces;
	/** Milliseconds before the status line is sent. */
	delayMs?: number;
}

type Headers = Record<string, string>;

export function json(status: number, value: unknown, headers: Headers = {}): Reply {
	return {
		status,
		headers: { 'content-type': 'application/json', ...headers },
		body: Buffer.from(JSON.stringify(value)),
	};
}

export function text(status: number, value: string, headers: Headers = {}): Reply {
	return {
		status,
		headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
		body: Buffer.from(value),
	};
}

export function xml(status: number, value: string): Reply {
	return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(value) };
}

export function empty(status: number, headers: Headers = {}): Reply {
	return { status, headers, body: Buffer.alloc(0) };
}
