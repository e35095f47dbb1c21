/** Why the server refused, as far as its status and words tell; decides advice and the next step. */
export type RefusalCause =
	| 'key'
	| 'credits'
	| 'model'
	| 'path'
	| 'limit'
	| 'busy'
	| 'size'
	| 'context'
	| 'memory'
	| 'asset'
	| 'vision'
	| 'systemRole'
	| 'streamOptions'
	| 'responseFormat'
	| 'field'
	| 'request'
	| 'redirect';

/** What is known about a failure, by its kind. */
export type FailureFacts =
	/** A value the user gave cannot work; nothing was sent for it, but to an address that it names. */
	| {
			kind: 'input';
			field: string;
			/** Milliseconds until the host of that address wants to be asked again. */
			retryAfterMs?: number;
	  }
	/** A server answered and said no. */
	| {
			kind: 'refused';
			cause: RefusalCause;
			status: number;
			requestId?: string;
			/** Milliseconds until the server wants to be asked again, from Retry-After. */
			retryAfterMs?: number;
	  }
	/** No answer: the connection failed, or broke before the reply was whole. */
	| { kind: 'network'; code: string; host: string }
	/** One of the user's time limits ran out. */
	| { kind: 'timeLimit'; limit: 'timeout' | 'idleTimeout' | 'download'; seconds: number }
	/** An answer came, and it is not a completion. */
	| { kind: 'brokenReply'; requestId?: string; status?: number }
	/** The reply came, and is not in the form that was asked for; `text` is all of it. */
	| { kind: 'format'; text: string }
	/** The execution was stopped. */
	| { kind: 'cancelled' };

/**
 * The error that the rooms of this node throw at a user: what happened in `message`, what to do in
 * `advice`, the particulars in `facts`. The node's edge turns it into n8n's errors.
 */
export class Failure extends Error {
	/** Whether the same request may succeed when it is sent again. */
	readonly transient: boolean;
	/** What was shown of a reply before it broke off. */
	readonly text?: string;

	constructor(
		readonly facts: FailureFacts,
		message: string,
		readonly advice: string,
		options: { transient?: boolean; text?: string } = {},
	) {
		super(message);
		this.name = 'Failure';
		this.transient = options.transient ?? false;
		if (options.text) this.text = options.text;
	}
}

/** A value that cannot work: `field` is the display name, `message` says what it holds. */
export const inputFailure = (field: string, message: string, advice: string): Failure =>
	new Failure({ kind: 'input', field }, message, advice);

/** The cause of a refusal, or nothing for any other failure. */
export const refusalCause = (error: unknown): RefusalCause | undefined =>
	error instanceof Failure && error.facts.kind === 'refused' ? error.facts.cause : undefined;

/** Whether the execution was stopped. */
export const isCancelled = (error: unknown): boolean =>
	error instanceof Failure && error.facts.kind === 'cancelled';

/** Whether an item ended by its own time limit or by a stop, which say nothing about the server. */
export const isItemsOwnEnd = (error: unknown): boolean =>
	error instanceof Failure && ['timeLimit', 'cancelled'].includes(error.facts.kind);

/** A value as an error message may show it: on one line, at most `length` characters. */
export function shown(value: unknown, length = 60): string {
	const text = typeof value === 'object' && value !== null ? json(value) : String(value);
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > length ? `${line.slice(0, length)}… (${text.length} characters)` : line;
}

/** An error that was caught, apart from any result that the work could have given. */
export class Caught {
	constructor(readonly error: unknown) {}
}

/** For `.catch(asCaught)`. */
export const asCaught = (error: unknown): Caught => new Caught(error);

function json(value: object): string {
	try {
		return JSON.stringify(value) ?? String(value);
	} catch {
		// It contains itself, or a number that JSON has not.
		return String(value);
	}
}
