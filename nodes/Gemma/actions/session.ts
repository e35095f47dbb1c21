import type { IExecuteFunctions } from 'n8n-workflow';

import { RoadLessons } from '../images/road';
import { connect, type Connection, type GemmaCredential } from '../transport/connection';
import { Gate } from '../transport/gate';
import { openNetwork, type EgressFilter, type Network } from '../transport/network';
import type { Hints } from './hintList';
import { readRunOptions } from './options';
import { Uploads } from './uploads';

/** What the items of one run share: connections, uploads, and what was learned about the server. */
export interface Session {
	connection: Connection;
	network: Network;
	uploads: Uploads;
	gate: Gate;
	/** Items in work at once, at most. */
	concurrency: number;
	/** Aborts when the execution was stopped, or an item failed that ends the run. */
	signal: AbortSignal;
	hints: Hints;
	roads: RoadLessons;
	/** Models that refused the system role. */
	foldSystemFor: Set<string>;
	/** Models that are retired or unknown to the server; a fallback stands in for them. */
	goneModels: Set<string>;
	/** Models whose server refused `response_format`. */
	responseFormatRefusedBy: Set<string>;
	/** The server refused `stream_options`. */
	streamOptionsRefused: boolean;
	close(): Promise<void>;
}

/** @throws Failure of kind `input` when the credential cannot work; n8n's own error without one. */
export async function openSession(
	context: IExecuteFunctions,
	hints: Hints,
	signal: AbortSignal,
): Promise<Session> {
	const { concurrency, requestsPerMinute } = readRunOptions(context);
	const connection = connect(await context.getCredentials<GemmaCredential>('gemmaApi'));
	hints.redactor = connection.redactor;
	const network = await openNetwork(connection, egressFilter(context));
	const uploads = new Uploads(network, connection);
	return {
		connection,
		network,
		uploads,
		gate: new Gate(requestsPerMinute),
		concurrency,
		signal,
		hints,
		roads: new RoadLessons(),
		foldSystemFor: new Set(),
		goneModels: new Set(),
		responseFormatRefusedBy: new Set(),
		streamOptionsRefused: false,
		close: async () => {
			const left = await uploads.deleteAll();
			if (left > 0) {
				hints.add(
					`${left} uploaded ${left === 1 ? 'picture' : 'pictures'} could not be deleted; NVIDIA deletes them after 24 hours.`,
				);
			}
			await network.close();
		},
	};
}

/** n8n before mid 2026 has no such helper; without protection it gives a filter that lets all pass. */
export function egressFilter(context: {
	helpers: { getSecureEgressFilter?: () => unknown };
}): EgressFilter | undefined {
	return context.helpers.getSecureEgressFilter?.() as EgressFilter | undefined;
}
