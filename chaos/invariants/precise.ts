import type { Observation } from '../observation';

/** Every way in which the node may say what happened. */
const NAMES_IT = [
	/\(HTTP \d{3}\)/,
	/\(HTTP 202\), but /,
	/Could not talk to 127\.0\.0\.1:\d+: \S/,
	/Not finished within [\d.]+ seconds \(option Timeout\)/,
	/sent nothing for [\d.]+ seconds .*\(option Idle Timeout\)/,
	/^The reply (broke off after \d+ characters|is not a completion|is larger|holds )/,
	/^The asset API \S.* asset/,
	/^The reply was cut off at \d+ tokens before its JSON was whole$/,
];

/** Words that only a mistake in the program writes. */
const BLUNDER =
	/undefined|\[object |NaN|TypeError|is not a function|Cannot read|not iterable|sandbox itself failed/;

/** An error is a message that names what happened, and a status that was really sent. */
export function* imprecise(
	message: unknown,
	{ status, code }: { status?: unknown; code?: unknown },
	run: Observation,
): Generator<string> {
	if (typeof message !== 'string' || message.trim() === '') return yield 'the error has no message';
	if (!NAMES_IT.some((pattern) => pattern.test(message)) || BLUNDER.test(message)) {
		yield `the error does not say what happened: ${message}`;
	}
	const named = /\(HTTP (\d{3})\)/.exec(message)?.[1];
	if (status !== undefined && String(status) !== named) {
		yield `the error has status ${JSON.stringify(status)} and says: ${message}`;
	}
	if (named !== undefined && !statusesSent(run).has(Number(named))) {
		yield `no reply had the status that the error names: ${message}`;
	}
	if (code !== undefined && (typeof code !== 'string' || code === '')) {
		yield `the error has the code ${JSON.stringify(code)}`;
	}
}

function statusesSent({ requests }: Observation): Set<number> {
	return new Set(
		requests.flatMap(({ request, fault }) => [request.status ?? 0, ...(fault?.statuses ?? [])]),
	);
}
