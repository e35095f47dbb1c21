import { setTimeout as sleep } from 'node:timers/promises';

import { getAsset, listAssets } from './assetRecords';
import { assetRefusal } from './assetRefusal';
import type { Connection } from './connection';
import { send, type Reply } from './exchange';
import type { Network } from './network';
import { startTimeLimit, type TimeLimit } from './timeLimit';

/** Deleting may take this long in all, its one retry included; more where there is much to delete. */
const DELETE_SECONDS = 10;
/** Eight at a time, that leaves 0.8 seconds for each. */
const SECONDS_FOR_EACH = 0.1;

const RETRY_MS = 200;
const DELETIONS_AT_ONCE = 8;

/** Assets that are looked at, the newest of the list, when one has to be found by its description. */
const MOST_LOOKED_AT = 50;

/** How long a creation that was given up may take to arrive behind what was sent after it. */
const OVERTAKING_MS = 500;

/**
 * Deletes an asset, with one retry, within 10 seconds, also when the execution was stopped.
 *
 * @returns whether it is gone.
 */
export async function deleteAsset(
	network: Network,
	connection: Connection,
	assetId: string,
): Promise<boolean> {
	return await inTime(async (limit) => await deleteWithin(network, connection, assetId, limit));
}

/**
 * Deletes an asset that somebody named.
 *
 * @param mayBeGone it was asked for before, and the answer was lost or no good.
 * @throws Failure; `refused` with status 404 when there is none and never was.
 */
export async function deleteNamed(
	network: Network,
	connection: Connection,
	assetId: string,
	limit: TimeLimit,
	mayBeGone: boolean,
): Promise<void> {
	const reply = await send(network, deletion(connection, assetId), limit);
	const isGone = reply.status < 300 || (mayBeGone && reply.status === 404);
	if (!isGone) throw await assetRefusal(reply, 'one');
	reply.release();
}

/**
 * Deletes assets, a few at a time, with one retry each.
 *
 * @param limit when it is missing, 10 seconds in all and a tenth of one for each asset.
 * @returns those that are left.
 */
export async function deleteAssets(
	network: Network,
	connection: Connection,
	assetIds: string[],
	limit?: TimeLimit,
): Promise<string[]> {
	const waiting = [...assetIds];
	const left: string[] = [];
	const deleteAll = async (within: TimeLimit) => {
		const worker = async () => {
			for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
				if (!(await deleteWithin(network, connection, id, within))) left.push(id);
			}
		};
		await Promise.all(Array.from({ length: DELETIONS_AT_ONCE }, worker));
	};
	const seconds = DELETE_SECONDS + assetIds.length * SECONDS_FOR_EACH;
	await (limit ? deleteAll(limit) : inTime(deleteAll, seconds));
	return left;
}

/**
 * Deletes an asset whose creation was never confirmed: the answer was lost, or came too late. It is
 * known by its description alone, and may not exist. Tries within 10 seconds.
 *
 * @param onItsWay the request was given up and may reach the server yet: it is looked for twice.
 * @returns whether nothing of it is left, as far as the server says.
 */
export async function deleteLost(
	network: Network,
	connection: Connection,
	description: string,
	onItsWay: boolean,
): Promise<boolean> {
	const look = async (limit: TimeLimit) => {
		const assets = await listAssets(network, connection, limit);
		for (const { assetId, description: listed } of assets.slice(-MOST_LOOKED_AT)) {
			const found = listed ?? (await getAsset(network, connection, assetId, limit)).description;
			if (found === description) return await deleteWithin(network, connection, assetId, limit);
		}
		return undefined;
	};
	return await inTime(async (limit) => {
		const found = await look(limit);
		if (found !== undefined || !onItsWay) return found ?? true;
		await sleep(OVERTAKING_MS);
		return (await look(limit)) ?? true;
	}).catch(() => false);
}

async function inTime<Result>(
	work: (limit: TimeLimit) => Promise<Result>,
	seconds = DELETE_SECONDS,
): Promise<Result> {
	const limit = startTimeLimit({ timeoutSeconds: seconds, idleSeconds: DELETE_SECONDS });
	try {
		return await work(limit);
	} finally {
		limit.end();
	}
}

async function deleteWithin(
	network: Network,
	connection: Connection,
	assetId: string,
	limit: TimeLimit,
): Promise<boolean> {
	const request = deletion(connection, assetId);
	for (let attempt = 0; attempt < 2 && !limit.signal.aborted; attempt++) {
		if (attempt > 0) await sleep(RETRY_MS);
		const status = await send(network, request, limit).then(statusAndRelease, () => 0);
		// 404: it is gone already.
		if ((status >= 200 && status < 300) || status === 404) return true;
	}
	return false;
}

const deletion = ({ nvcfUrl, nvcfHeaders }: Connection, assetId: string) => ({
	method: 'DELETE' as const,
	url: `${nvcfUrl}/assets/${encodeURIComponent(assetId)}`,
	headers: nvcfHeaders,
	as: 'own' as const,
});

function statusAndRelease(reply: Reply): number {
	reply.release();
	return reply.status;
}
