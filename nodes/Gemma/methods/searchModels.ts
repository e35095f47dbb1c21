import {
	NodeApiError,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';

import { Failure, refusalCause } from '../failure';
import { isGemma, isTextOnlyGemma } from '../gemma';
import type { Model } from '../transport/api';
import { connect, type GemmaCredential } from '../transport/connection';
import { listModels } from '../transport/models';
import { egressFilter, openNetwork } from '../transport/network';
import { startTimeLimit } from '../transport/timeLimit';

/** Nobody waits longer than this for a drop-down. */
const SECONDS = 20;

/**
 * The models of the server for the editor's list: Gemmas first, then by name; for pictures, the
 * Gemmas that take none behind those that do.
 */
export async function searchModels(
	this: ILoadOptionsFunctions,
	filter?: string,
): Promise<INodeListSearchResult> {
	const wantsEyes = this.getCurrentNodeParameter('resource') === 'image';
	const models = await modelsOfServer(this);
	const needle = (filter ?? '').trim().toLowerCase();
	const found = models.filter(({ id }) => id.toLowerCase().includes(needle));
	// A server that lists nothing useful must not keep anyone from using it.
	if (found.length === 0 && needle !== '') return { results: [asTyped(filter!.trim())] };
	const rank = (id: string) => (isGemma(id) ? Number(wantsEyes && isTextOnlyGemma(id)) : 2);
	found.sort(({ id: a }, { id: b }) => rank(a) - rank(b) || byName(a, b));
	return { results: found.map(({ id }) => asResult(id, wantsEyes)) };
}

async function modelsOfServer(context: ILoadOptionsFunctions): Promise<Model[]> {
	const limit = startTimeLimit({ timeoutSeconds: SECONDS, idleSeconds: SECONDS });
	try {
		const connection = connect(await context.getCredentials<GemmaCredential>('gemmaApi'));
		const network = await openNetwork(connection, egressFilter(context));
		const models = listModels(network, connection, limit);
		return await models
			.finally(async () => await network.close())
			.catch((error: unknown) => {
				// Not every server has a list; the ID can be typed then.
				if (refusalCause(error) === 'path') return [];
				return shownInEditor(context, error, (text) => connection.redactor.text(text));
			});
	} catch (error) {
		return shownInEditor(context, error, (text) => text);
	} finally {
		limit.end();
	}
}

function shownInEditor(
	context: ILoadOptionsFunctions,
	error: unknown,
	clean: (text: string) => string,
): never {
	if (error instanceof NodeApiError) throw error;
	const message = clean((error as Error).message);
	const description = error instanceof Failure ? clean(error.advice) : undefined;
	const shown = new NodeApiError(context.getNode(), { message }, { message, description });
	// n8n replaces a message that contains the name of a network error with a stock sentence.
	shown.message = message;
	throw shown;
}

const byName = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });

const asResult = (id: string, wantsEyes: boolean): INodeListSearchItems => ({
	name: wantsEyes && isTextOnlyGemma(id) ? `${id} (takes no images)` : id,
	value: id,
});

const asTyped = (id: string): INodeListSearchItems => ({ name: `${id} (as typed)`, value: id });
