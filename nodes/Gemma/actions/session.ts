import { availableParallelism } from 'node:os';
import type { IExecuteFunctions } from 'n8n-workflow';

import { RoadLessons } from '../images/road';
import { deleteAssets } from '../transport/assetDeletion';
import { connect, type Connection, type GemmaCredential } from '../transport/connection';
import type { Model } from '../transport/api';
import { Gate } from '../transport/gate';
import { listModels } from '../transport/models';
import { startTimeLimit } from '../transport/timeLimit';
import { egressFilter, openNetwork, type Network } from '../transport/network';
import { ContextLessons } from './contexts';
import type { Hints } from './hintList';
import { readRunOptions } from './options';
import { Shared } from './shared';
import { Totals } from './totals';
import { Turnstile } from './turnstile';
import { Uploads } from './uploads';

/** More would only take memory; on a machine of two cores one is left to n8n. */
const PICTURES_AT_ONCE = availableParallelism() > 2 ? 2 : 1;

/** What the items of one run share: connections, uploads, and what was learned about the server. */
export interface Session {
	connection: Connection;
	network: Network;
	uploads: Uploads;
	/** Ids of assets that the run's output names: they stay, unless the run fails and the ids are lost. */
	handedOut: string[];
	gate: Gate;
	/** How much the models hold on this server. */
	contexts: ContextLessons;
	/** Pictures are decoded a few at a time: each takes tens of megabytes while it is. */
	preparing: Turnstile;
	/** Items in work at once, at most. */
	concurrency: number;
	/** Aborts when the execution was stopped, or an item failed that ends the run. */
	signal: AbortSignal;
	hints: Hints;
	totals: Totals;
	roads: RoadLessons;
	/** Models that refused the system role. */
	foldSystemFor: Set<string>;
	/** The models that the server lists; asked once a run, and only when one is gone. */
	models(): Promise<Model[]>;
	/** Models that are retired or unknown to the server; a fallback stands in for them. */
	goneModels: Set<string>;
	/** Media types of assets that items name by their ids. */
	givenTypes: Shared<string>;
	/** Models whose server refused `response_format`. */
	responseFormatRefusedBy: Set<string>;
	/** The server refused `stream_options`. */
	streamOptionsRefused: boolean;
	/** @param failed whether the run has no output. */
	close(failed: boolean): Promise<void>;
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
	const handedOut: string[] = [];
	let models: Promise<Model[]> | undefined;
	return {
		connection,
		network,
		uploads,
		handedOut,
		gate: new Gate(requestsPerMinute, undefined, concurrency),
		contexts: new ContextLessons(),
		preparing: new Turnstile(PICTURES_AT_ONCE),
		concurrency,
		signal,
		hints,
		totals: new Totals(),
		roads: new RoadLessons(),
		foldSystemFor: new Set(),
		models: async () => await (models ??= listInTime(network, connection, signal)),
		goneModels: new Set(),
		givenTypes: new Shared(),
		responseFormatRefusedBy: new Set(),
		streamOptionsRefused: false,
		close: async (failed) => {
			try {
				const lost = failed ? handedOut : [];
				const left =
					(await uploads.deleteAll()) + (await deleteAssets(network, connection, lost)).length;
				if (left > 0) {
					hints.add(
						`${left} uploaded ${left === 1 ? 'picture' : 'pictures'} may not have been deleted; NVIDIA deletes them after 24 hours.`,
					);
				}
			} finally {
				await network.close();
			}
		},
	};
}

/** Seconds that an error may be held up by the list that goes with it. */
const LIST_SECONDS = 5;

async function listInTime(
	network: Network,
	connection: Connection,
	signal: AbortSignal,
): Promise<Model[]> {
	const seconds = { timeoutSeconds: LIST_SECONDS, idleSeconds: LIST_SECONDS };
	const limit = startTimeLimit(seconds, signal);
	return await listModels(network, connection, limit)
		.catch(() => [])
		.finally(() => limit.end());
}
