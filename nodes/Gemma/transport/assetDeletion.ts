import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from './connection';
import { readText, send, type Reply } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import { startTimeLimit, type TimeLimit } from './timeLimit';

/** Deleting may take this long in all, its one retry included. */
const DELETE_SECONDS = 10;

const RETRY_MS = 200;
const DELETIONS_AT_ONCE = 8;

/** Assets that are looked at, the newest of the list, when one has to be found by its description. */
const MOST_LOOKED_AT = 50;

/** How long a creation that was given up may take to arrive behind what was sent after it. */
const OVERTAKING_MS = 500;

interface AssetEntry {
	assetId: string;
	description?: string;
}

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
 * Deletes assets, a few at a time, with one retry each and within 10 seconds in all.
 *
 * @returns the number of those that are left.
 */
export async function deleteAssets(
	network: Network,
	connection: Connection,
	assetIds: string[],
): Promise<number> {
	const waiting = [...assetIds];
	let left = 0;
	await inTime(async (limit) => {
		const worker = async () => {
			for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
				if (!(await deleteWithin(network, connection, id, limit))) left++;
			}
		};
		await Promise.all(Array.from({ length: DELETIONS_AT_ONCE }, worker));
	});
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
		const get = async <Body>(path: string) => await getJson<Body>(network, connection, path, limit);
		const { assets = [] } = await get<{ assets?: AssetEntry[] }>('/assets');
		for (const { assetId, description: listed } of assets.slice(-MOST_LOOKED_AT)) {
			const path = `/assets/${encodeURIComponent(assetId)}`;
			const found = listed ?? (await get<{ asset?: AssetEntry }>(path)).asset?.description;
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

async function inTime<Result>(work: (limit: TimeLimit) => Promise<Result>): Promise<Result> {
	const limit = startTimeLimit({ timeoutSeconds: DELETE_SECONDS, idleSeconds: DELETE_SECONDS });
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
	const request = {
		method: 'DELETE' as const,
		url: `${connection.nvcfUrl}/assets/${encodeURIComponent(assetId)}`,
		headers: connection.nvcfHeaders,
		as: 'own' as const,
	};
	for (let attempt = 0; attempt < 2 && !limit.signal.aborted; attempt++) {
		if (attempt > 0) await sleep(RETRY_MS);
		const status = await send(network, request, limit).then(statusAndRelease, () => 0);
		// 404: it is gone already.
		if ((status >= 200 && status < 300) || status === 404) return true;
	}
	return false;
}

async function getJson<Body>(
	network: Network,
	connection: Connection,
	path: string,
	limit: TimeLimit,
): Promise<Body> {
	const url = `${connection.nvcfUrl}${path}`;
	const headers = { ...connection.nvcfHeaders, accept: 'application/json' };
	const reply = await send(network, { method: 'GET', url, headers, as: 'own' }, limit);
	if (reply.status !== 200) throw await refusal(reply);
	return JSON.parse(await readText(reply)) as Body;
}

function statusAndRelease(reply: Reply): number {
	reply.release();
	return reply.status;
}
