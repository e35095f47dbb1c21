import { asCaught, Caught, Failure, refusalCause } from '../failure';
import { parseJson } from '../json';
import type { CreatedAsset } from './api';
import { deleteLost } from './assetDeletion';
import { assetRefusal, CHECK_NVCF_URL } from './assetRefusal';
import type { Connection } from './connection';
import { readText, send, webAddress } from './exchange';
import type { Network } from './network';
import type { TimeLimit } from './timeLimit';

/** Codes of failures that come before anything is sent. */
const NOT_CONNECTED = new Set([
	'BLOCKED',
	'EAI_AGAIN',
	'ECONNREFUSED',
	'EHOSTUNREACH',
	'ENETUNREACH',
	'ENOTFOUND',
	'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Creates an asset that waits for its content. One whose creation was not confirmed is looked for
 * and deleted.
 *
 * @param onLeft called when such an asset may be left.
 * @throws Failure.
 */
export async function createAsset(
	network: Network,
	connection: Connection,
	asset: { contentType: string; description: string },
	limit: TimeLimit,
	onLeft: () => void,
): Promise<CreatedAsset> {
	// Nothing was created yet, so there is nothing to look for either.
	limit.signal.throwIfAborted();
	const outcome = await requestAsset(network, connection, asset, limit).catch(asCaught);
	if (outcome instanceof Caught) {
		// When the server said no there is nothing to find; when its answer was lost, or a gateway
		// answered in its place, there may be.
		const cause = refusalCause(outcome.error);
		const mayExist = (cause === undefined || cause === 'busy') && !neverArrived(outcome.error);
		const { description } = asset;
		const onItsWay = limit.signal.aborted;
		if (mayExist && !(await deleteLost(network, connection, description, onItsWay))) onLeft();
		throw outcome.error;
	}
	connection.redactor.hideUrl(outcome.uploadUrl);
	return outcome;
}

async function requestAsset(
	network: Network,
	connection: Connection,
	asset: { contentType: string; description: string },
	limit: TimeLimit,
): Promise<CreatedAsset> {
	const reply = await send(
		network,
		{
			method: 'POST',
			url: `${connection.nvcfUrl}/assets`,
			headers: {
				...connection.nvcfHeaders,
				accept: 'application/json',
				'content-type': 'application/json',
			},
			body: JSON.stringify(asset),
			as: 'own',
		},
		limit,
	);
	if (reply.status !== 200) throw await assetRefusal(reply, 'all');
	return parseCreated(await readText(reply));
}

function parseCreated(text: string): CreatedAsset {
	const { assetId, uploadUrl } = (parseJson(text) ?? {}) as Partial<CreatedAsset>;
	if (assetId && uploadUrl && webAddress(uploadUrl)) return { assetId, uploadUrl };
	throw new Failure(
		{ kind: 'brokenReply' },
		'The asset API returned no asset ID and upload address',
		CHECK_NVCF_URL,
		{ transient: true },
	);
}

/** No connection came about: the server cannot have created anything. */
const neverArrived = (error: unknown): boolean =>
	error instanceof Failure && error.facts.kind === 'network' && NOT_CONNECTED.has(error.facts.code);
