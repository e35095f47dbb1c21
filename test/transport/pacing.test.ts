import { complete } from '../../nodes/Gemma/transport/chat';
import { Gate } from '../../nodes/Gemma/transport/gate';
import { withRetries } from '../../nodes/Gemma/transport/retry';
import { startTimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { openLimited, type Limit, type LimitedServer } from '../support/accountLimit';
import { openServer, question, useTransport } from '../support/transport';

const { keep, network } = useTransport();

const ITEMS = 120;
const CONCURRENCY = 8;
const MAX_RETRIES = 4;

/** Sends a run of items through one gate, as the node does. @returns the messages of the failures. */
async function runItems(server: LimitedServer, gate: Gate): Promise<string[]> {
	const net = await network();
	const connection = openServer(server.url);
	const failures: string[] = [];
	let next = 0;
	const worker = async () => {
		while (next++ < ITEMS) {
			const limit = startTimeLimit({ timeoutSeconds: 60, idleSeconds: 60 });
			const options = { assetIds: [], maxRetries: 0, limit };
			const once = async () =>
				await complete(net, connection, { ...question, stream: false }, options);
			await withRetries(once, MAX_RETRIES, limit, gate).catch((error: Error) =>
				failures.push(error.message),
			);
			limit.end();
		}
	};
	await Promise.all(Array.from({ length: CONCURRENCY }, worker));
	return failures;
}

/** NVIDIA's 40 requests a minute, a hundred times as fast. */
const limits: Limit[] = (['bucket', 'window'] as const).flatMap((kind) =>
	[false, true].map((retryAfter) => ({
		kind,
		retryAfter,
		requests: 40,
		perMs: 600,
		latencyMs: 15,
	})),
);

describe.each(limits)(
	'under a limit of 40 requests in 600 ms ($kind, Retry-After: $retryAfter)',
	(limit) => {
		it('120 items all have their answers, with few refusals', async () => {
			const server = await keep(openLimited(limit));
			expect(await runItems(server, new Gate(0))).toEqual([]);
			expect(server.answered).toBe(ITEMS);
			expect(server.refused).toBeGreaterThan(0);
			expect(server.refused / (server.refused + server.answered)).toBeLessThanOrEqual(0.2);
			expect(server.mostAtOnce).toBeLessThanOrEqual(CONCURRENCY);
		}, 60_000);
	},
);

it('Requests per Minute below the limit is never refused', async () => {
	const server = await keep(openLimited({ ...limits[0], latencyMs: 0 }));
	expect(await runItems(server, new Gate((30 / 600) * 60_000))).toEqual([]);
	expect(server).toMatchObject({ answered: ITEMS, refused: 0 });
}, 60_000);
