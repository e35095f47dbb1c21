import { asCaught, Caught, Failure } from '../../failure';
import { getAsset, listAssets, type AssetRecord } from '../../transport/assetRecords';
import { withRetries } from '../../transport/retry';
import type { TimeLimit } from '../../transport/timeLimit';
import type { Session } from '../session';
import { RETRIES } from './onNvidia';

const DETAILS_AT_ONCE = 8;

/** The account's assets with their particulars, which some servers tell of each asset alone. */
export async function records(
	{ network, connection }: Session,
	limit: TimeLimit,
	most: number,
): Promise<AssetRecord[]> {
	const list = async () => await listAssets(network, connection, limit);
	const listed = (await withRetries(list, RETRIES, limit)).slice(0, most);
	const bare = listed.flatMap(({ createdAt }, index) => (createdAt ? [] : [index]));
	let failed: Caught | undefined;
	const worker = async () => {
		for (let index = bare.shift(); index !== undefined && !failed; index = bare.shift()) {
			const { assetId } = listed[index];
			const once = async () => await getAsset(network, connection, assetId, limit);
			const told = await withRetries(once, RETRIES, limit).catch(asCaught);
			if (!(told instanceof Caught)) listed[index] = told;
			// It may have been deleted since the list was made.
			else if (statusOf(told.error) !== 404) failed ??= told;
		}
	};
	// The failure of one has to wait for the others: they would go on after the item's end.
	await Promise.all(Array.from({ length: DETAILS_AT_ONCE }, worker));
	if (failed) throw failed.error;
	return listed;
}

const statusOf = (error: unknown) =>
	error instanceof Failure && error.facts.kind === 'refused' ? error.facts.status : undefined;
