import { parseJson } from '../json';
import type { Model } from './api';
import type { Connection } from './connection';
import { readText, send } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import type { TimeLimit } from './timeLimit';

/** A list of hundreds of models stays far below. */
const LARGEST_LIST_BYTES = 8 * 1024 * 1024;

/**
 * The models that the server lists; none when the list has no shape that we know.
 *
 * @throws Failure.
 */
export async function listModels(
	network: Network,
	connection: Connection,
	limit: TimeLimit,
): Promise<Model[]> {
	const reply = await send(
		network,
		{
			method: 'GET',
			url: `${connection.baseUrl}/models`,
			headers: { ...connection.baseHeaders, accept: 'application/json' },
			as: 'own',
		},
		limit,
	);
	if (reply.status !== 200) throw await refusal(reply);
	return modelsIn(await readText(reply, LARGEST_LIST_BYTES));
}

function modelsIn(text: string): Model[] {
	const { data } = (parseJson(text) ?? {}) as { data?: unknown };
	const models = Array.isArray(data) ? (data as Array<Partial<Model> | null>) : [];
	return models.filter((model): model is Model => typeof model?.id === 'string');
}
