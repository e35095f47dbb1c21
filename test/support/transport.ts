import type { Failure, FailureFacts } from '../../nodes/Gemma/failure';
import type { Completion } from '../../nodes/Gemma/transport/api';
import { complete } from '../../nodes/Gemma/transport/chat';
import { connect, type Connection } from '../../nodes/Gemma/transport/connection';
import type { Reply } from '../../nodes/Gemma/transport/exchange';
import { openNetwork, type EgressFilter, type Network } from '../../nodes/Gemma/transport/network';
import { startTimeLimit, type TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import type { Sandbox } from '../../sandbox';

/** What a test opened and its end has to close again. */
type Closing = { close(): Promise<unknown> };

export interface TransportTools {
	/** Keeps something to be closed after the test, and gives it back. */
	keep<T extends Closing>(opening: Promise<T>): Promise<T>;
	network(trust?: Partial<TrustOptions>, egress?: EgressFilter): Promise<Network>;
	limit(seconds?: { timeout?: number; idle?: number }, cancel?: AbortSignal): TimeLimit;
	/** Asks the server at `baseUrl` for a completion, with a fresh network. */
	ask(baseUrl: string, limit?: TimeLimit, stream?: boolean): Promise<Completion>;
}

interface TrustOptions {
	allowUnauthorizedCerts: boolean;
	caCertificate: string;
}

/** Opens what transport needs, and closes all of it after each test. */
export function useTransport(): TransportTools {
	let closings: Closing[] = [];
	let limits: TimeLimit[] = [];
	afterEach(async () => {
		limits.forEach((limit) => limit.end());
		// Clients first: a server that closes under them would be a failure of its own.
		for (const closing of closings.reverse()) await closing.close();
		limits = [];
		closings = [];
	});
	const tools: TransportTools = {
		keep: async (opening) => {
			const opened = await opening;
			closings.push(opened);
			return opened;
		},
		network: async (trust = {}, egress) =>
			await tools.keep(openNetwork({ allowUnauthorizedCerts: false, ...trust }, egress)),
		limit: ({ timeout = 60, idle = 60 } = {}, cancel) => {
			const limit = startTimeLimit({ timeoutSeconds: timeout, idleSeconds: idle }, cancel);
			limits.push(limit);
			return limit;
		},
		ask: async (baseUrl, limit = tools.limit(), stream = true) => {
			const network = await tools.network();
			const options = { assetIds: [], maxRetries: 0, limit };
			return await complete(network, openServer(baseUrl), { ...question, stream }, options);
		},
	};
	return tools;
}

export const question = {
	model: 'google/gemma-3-27b-it',
	messages: [{ role: 'user' as const, content: 'Hello' }],
	stream: true,
};

/** A key of NVIDIA's form that opens nothing. */
export const nvidiaKey = ['nvapi', 'test', '0123456789'].join('-');

/** A connection to a server of one's own that asks for no key. */
export const openServer = (baseUrl: string): Connection =>
	connect({ server: 'openAiCompatible', baseUrl });

/** A connection to NVIDIA's API, or to what stands in for it. */
export const nvidia = (baseUrl: string, nvcfUrl = baseUrl, apiKey = nvidiaKey): Connection =>
	connect({ server: 'nvidia', apiKey, baseUrl, nvcfUrl });

export const sandboxConnection = ({ baseUrl, nvcfUrl, apiKey }: Sandbox): Connection =>
	nvidia(baseUrl, nvcfUrl, apiKey);

/** A reply that was received in exactly these pieces, without a socket's own ideas about them. */
export function replyOf(chunks: Uint8Array[], headers: Record<string, string> = {}): Reply {
	return {
		status: 200,
		headers,
		async *chunks() {
			yield* chunks;
		},
		release: () => {},
	};
}

/** What a failure is made of, for `toEqual`; `advice` only has to be there. */
export function partsOf({ facts, message, transient, advice }: Failure): {
	facts: FailureFacts;
	message: string;
	transient: boolean;
} {
	// A stopped execution asks nothing of anybody.
	if (facts.kind !== 'cancelled') expect(advice).toMatch(/^[A-Z][^]+\.$/);
	return { facts, message, transient };
}
