import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { asCaught, Caught, Failure, refusalCause } from '../failure';
import { parseJson } from '../json';
import type { CreatedAsset } from './api';
import type { Connection } from './connection';
import { deleteLost, deleteAsset } from './assetDeletion';
import { assetRefusal, CHECK_NVCF_URL } from './assetRefusal';
import { readText, send, webAddress } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import type { TimeLimit } from './timeLimit';

/** What to upload: bytes, or a stream of known length that can be opened for the occasion. */
export interface AssetContent {
	mediaType: 'image/png' | 'image/jpeg';
	/** Bytes. */
	length: number;
	open(): Promise<Uint8Array | Readable>;
	/** For people, in front of what the asset is known by; printable ASCII. */
	description?: string;
}

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

const UPLOAD_ADVICE =
	"The storage refused the upload: check that the machine's clock is right and that no proxy changes requests.";

/**
 * Creates an asset and uploads its content.
 *
 * @param onLeft called when a failed upload leaves an asset that could not be deleted.
 * @returns the asset's id.
 * @throws Failure; an asset that was created and not filled is deleted first.
 */
export async function uploadAsset(
	network: Network,
	connection: Connection,
	content: AssetContent,
	limit: TimeLimit,
	onLeft: () => void = () => {},
): Promise<string> {
	// Signed into the upload URL, and by it an asset is found again whose creation was not confirmed.
	const description = `${content.description ?? 'n8n-nodes-gemma'} ${randomUUID()}`;
	const { assetId, uploadUrl } = await createAsset(
		network,
		connection,
		{ contentType: content.mediaType, description },
		limit,
		onLeft,
	);
	let uploaded = false;
	try {
		await put(network, uploadUrl, content, description, limit);
		uploaded = true;
		return assetId;
	} finally {
		if (!uploaded && !(await deleteAsset(network, connection, assetId))) onLeft();
	}
}

async function createAsset(
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

/** The upload host is not NVIDIA's API: it gets neither the key nor the credential's certificates. */
async function put(
	network: Network,
	uploadUrl: string,
	content: AssetContent,
	description: string,
	limit: TimeLimit,
): Promise<void> {
	const reply = await send(
		network,
		{
			method: 'PUT',
			url: uploadUrl,
			headers: {
				'content-type': content.mediaType,
				'content-length': String(content.length),
				'x-amz-meta-nvcf-asset-description': description,
			},
			body: () => content.open(),
			as: 'foreign',
		},
		limit,
	);
	if (reply.status < 200 || reply.status >= 300) {
		throw withAdvice(await refusal(reply), UPLOAD_ADVICE);
	}
	reply.release();
}

/** No connection came about: the server cannot have created anything. */
const neverArrived = (error: unknown): boolean =>
	error instanceof Failure && error.facts.kind === 'network' && NOT_CONNECTED.has(error.facts.code);

/** Neither the credential nor the chat request is at fault where the upload is refused. */
function withAdvice({ facts, message, advice, transient }: Failure, better: string): Failure {
	const misread = ['key', 'path', 'model', 'redirect', 'request'];
	if (facts.kind !== 'refused' || !misread.includes(facts.cause))
		return new Failure(facts, message, advice, { transient });
	return new Failure({ ...facts, cause: 'asset' }, message, better);
}
