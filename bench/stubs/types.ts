/** How a stub behaves. It speaks the chat completions API and knows one short answer. */
export interface StubOptions {
	/** Between the last byte of a request and the first of its answer. Default 0. */
	latencyMs?: number;
	limit?: LimitOptions;
	/** At which a body is read, all connections together. Default: as fast as it comes. */
	bytesPerSecond?: number;
	/** Speaks HTTPS with the certificate of the tests. */
	tls?: boolean;
	/** Answers every request with a stream of so many tokens, as fast as it can. */
	streamTokens?: number;
}

/** So many requests in each period; what is beyond is refused with 429 at once. */
export interface LimitOptions {
	/**
	 * `bucket`: full at the first request, then refilled evenly. `window`: begins with the first
	 * request, and the next one when it is over.
	 */
	kind: 'bucket' | 'window';
	requests: number;
	perMs: number;
	/** Whether a refusal says when to come again, in whole seconds, rounded up. */
	retryAfter: boolean;
}

/** What a stub saw since it was opened or reset. */
export interface StubReport {
	/** Requests received to their last byte. */
	received: number;
	/** Of these, refused with 429. */
	refused: number;
	/** Connections opened. */
	connections: number;
	/** Bytes read from all connections, below TLS if there is any. */
	bytes: number;
	/** When the first request had come as a whole, in ms since 1970; missing without one. */
	firstReceivedAt?: number;
}
