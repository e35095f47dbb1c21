import type { INodeExecutionData } from 'n8n-workflow';

import { inputFailure } from '../../failure';
import { assetIds } from '../../images/assetIds';
import { deleteAssets, deleteNamed } from '../../transport/assetDeletion';
import type { AssetRecord } from '../../transport/assetRecords';
import { withRetries } from '../../transport/retry';
import type { TimeLimit } from '../../transport/timeLimit';
import type { Session } from '../session';
import { choiceValue, numberValue } from '../values';
import type { Work } from '../work';
import { onNvidia, parameter, RETRIES } from './onNvidia';
import { records } from './records';

const HOUR_MS = 3_600_000;

/** One output item that tells what was deleted. @throws Failure. */
export async function remove(work: Work): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = work;
	const by = choiceValue('Delete By', parameter(context, itemIndex, 'deleteBy', 'id'), [
		'id',
		'age',
	]);
	if (by === 'age') {
		const hours = parameter(context, itemIndex, 'olderThanHours', 1);
		const oldest = numberValue('Older Than (Hours)', hours, { min: 0 }) * HOUR_MS;
		return await onNvidia(work, async (session, limit) => [
			await removeOlder(session, limit, oldest),
		]);
	}
	const assetId = oneId(parameter(context, itemIndex, 'assetId', ''));
	return await onNvidia(work, async ({ network, connection }, limit) => {
		let tries = 0;
		const once = async () => await deleteNamed(network, connection, assetId, limit, tries++ > 0);
		await withRetries(once, RETRIES, limit);
		return [{ deleted: 1, assetIds: [assetId] }];
	});
}

/** @throws Failure of kind `input`, also for several: only one would be deleted. */
function oneId(value: unknown): string {
	const [assetId, ...more] = assetIds('Asset ID', value);
	if (more.length === 0) return assetId;
	throw inputFailure(
		'Asset ID',
		`Asset ID holds ${more.length + 1} IDs`,
		'Give one ID for each item; a Split Out node makes an item of each.',
	);
}

async function removeOlder(session: Session, limit: TimeLimit, ageMs: number) {
	const listed = await records(session, limit, Infinity);
	const bornBefore = Date.now() - ageMs;
	const birth = ({ createdAt }: AssetRecord) => Date.parse(createdAt ?? '');
	const old = listed.filter((asset) => birth(asset) <= bornBefore);
	// An asset without a date is nobody's to judge: it stays.
	const undated = listed.filter((asset) => Number.isNaN(birth(asset))).length;
	if (undated > 0) session.hints.add(undatedHint(undated));
	const ids = old.map(({ assetId }) => assetId);
	const left = await deleteAssets(session.network, session.connection, ids, limit);
	limit.signal.throwIfAborted();
	const gone = ids.filter((id) => !left.includes(id));
	return { deleted: gone.length, assetIds: gone, ...(left.length > 0 && { notDeleted: left }) };
}

const undatedHint = (count: number) =>
	`${count} ${count === 1 ? 'asset was' : 'assets were'} left alone: the server does not tell their age. NVIDIA deletes each after 24 hours.`;
