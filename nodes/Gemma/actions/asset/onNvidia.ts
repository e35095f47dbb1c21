import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { inputFailure } from '../../failure';
import { optionDefault } from '../../fields/options';
import { startTimeLimit, type TimeLimit } from '../../transport/timeLimit';
import type { Session } from '../session';
import { pairedWith, type Work } from '../work';

/** These operations have no options of their own. */
export const RETRIES = Number(optionDefault('maxRetries'));

/** @throws Failure of kind `input` for a server without assets, before anything is sent. */
export async function onNvidia(
	{ session, items }: Work,
	work: (session: Session, limit: TimeLimit) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[]> {
	assertAssetsExist(session);
	const seconds = (name: string) => Number(optionDefault(name));
	const limit = startTimeLimit(
		{ timeoutSeconds: seconds('timeout'), idleSeconds: seconds('idleTimeout') },
		session.signal,
	);
	try {
		const pairedItem = pairedWith(items);
		return (await work(session, limit)).map((json) => ({ json, pairedItem }));
	} finally {
		limit.end();
	}
}

/** @throws Failure of kind `input` when the credential's server has no asset API. */
export function assertAssetsExist({ connection }: Pick<Session, 'connection'>): void {
	if (connection.server === 'nvidia') return;
	throw inputFailure(
		'Server',
		"The credential's server is OpenAI-compatible, and assets exist on NVIDIA's hosted API only",
		'Pick a credential for NVIDIA, or give the pictures as binary fields or URLs.',
	);
}

export const parameter = (
	context: IExecuteFunctions,
	item: number,
	name: string,
	otherwise: unknown,
) => context.getNodeParameter(name, item, otherwise as string) as unknown;
