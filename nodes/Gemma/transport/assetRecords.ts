import { Failure } from '../failure';
import { parseJson } from '../json';
import { assetRefusal } from './assetRefusal';
import type { Connection } from './connection';
import { readText, send } from './exchange';
import type { Network } from './network';
import type { TimeLimit } from './timeLimit';

/** What the asset API tells of an asset; in its list some servers give the id alone. */
export interface AssetRecord {
	assetId: string;
	contentType?: string;
	description?: string;
	/** ISO 8601. */
	createdAt?: string;
}

/** An account's list is refused before it fills the memory. */
const LARGEST_LIST_BYTES = 16 * 1024 * 1024;

/** The assets of the account. @throws Failure. */
export async function listAssets(
	network: Network,
	connection: Connection,
	limit: TimeLimit,
): Promise<AssetRecord[]> {
	const { assets } = await getJson<{ assets?: AssetRecord[] }>(network, connection, '', limit);
	if (assets === undefined) return [];
	if (Array.isArray(assets)) return assets.filter((asset) => asset?.assetId);
	throw unreadable();
}

/** One asset. @throws Failure; `refused` with status 404 when there is none of that id. */
export async function getAsset(
	network: Network,
	connection: Connection,
	assetId: string,
	limit: TimeLimit,
): Promise<AssetRecord> {
	const path = `/${encodeURIComponent(assetId)}`;
	const { asset } = await getJson<{ asset?: AssetRecord }>(network, connection, path, limit);
	return { ...asset, assetId };
}

async function getJson<Body extends object>(
	network: Network,
	connection: Connection,
	path: string,
	limit: TimeLimit,
): Promise<Body> {
	const url = `${connection.nvcfUrl}/assets${path}`;
	const headers = { ...connection.nvcfHeaders, accept: 'application/json' };
	const reply = await send(network, { method: 'GET', url, headers, as: 'own' }, limit);
	if (reply.status !== 200) throw await assetRefusal(reply, path === '' ? 'all' : 'one');
	const body = parseJson(await readText(reply, LARGEST_LIST_BYTES));
	if (typeof body === 'object' && body !== null) return body as Body;
	throw unreadable();
}

const unreadable = () =>
	new Failure(
		{ kind: 'brokenReply' },
		'The asset API answered with something that is no list of assets',
		'Check the NVCF URL of the credential (a proxy or another service may be answering there), then try again.',
		{ transient: true },
	);
