import type { INodeExecutionData } from 'n8n-workflow';

import { booleanValue, numberValue } from '../values';
import type { Work } from '../work';
import { onNvidia, parameter } from './onNvidia';
import { records } from './records';

/** One output item for each asset of the account. @throws Failure. */
export async function getAll(work: Work): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = work;
	const all = booleanValue('Return All', parameter(context, itemIndex, 'returnAll', false));
	const most = all
		? Infinity
		: numberValue('Limit', parameter(context, itemIndex, 'limit', 50), { min: 1, integer: true });
	return await onNvidia(work, async (session, limit) => {
		const listed = await records(session, limit, most);
		return listed.map(({ assetId, contentType, description, createdAt }) => ({
			assetId,
			...(contentType && { contentType }),
			...(description && { description }),
			...(createdAt && { createdAt }),
		}));
	});
}
