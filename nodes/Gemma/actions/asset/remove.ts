import type { INodeExecutionData } from 'n8n-workflow';

import { assetIds } from '../../images/assetIds';
import { deleteAssets, deleteNamed } from '../../transport/assetDeletion';
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
	const [assetId] = assetIds('Asset ID', parameter(context, itemIndex, 'assetId', ''));
	return await onNvidia(work, async ({ network, connection }, limit) => {
		const once = async () => await deleteNamed(network, connection, assetId, limit);
		await withRetries(once, RETRIES, limit);
		return [{ deleted: 1, assetIds: [assetId] }];
	});
}

async function removeOlder(session: Session, limit: TimeLimit, ageMs: number) {
	const listed = await records(session, limit, Infinity);
	const bornBefore = Date.now() - ageMs;
	// An asset without a date is nobody's to judge: it stays.
	const old = listed.filter(({ createdAt }) => Date.parse(createdAt ?? '') <= bornBefore);
	const ids = old.map(({ assetId }) => assetId);
	const left = await deleteAssets(session.network, session.connection, ids, limit);
	limit.signal.throwIfAborted();
	const gone = ids.filter((id) => !left.includes(id));
	return { deleted: gone.length, assetIds: gone, ...(left.length > 0 && { notDeleted: left }) };
}
