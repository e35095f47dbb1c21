import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { Failure } from '../failure';
import type { MediaType } from '../gemma';
import { createAsset } from './assetCreation';
import { deleteAsset } from './assetDeletion';
import type { Connection } from './connection';
import { send } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import type { TimeLimit } from './timeLimit';

/** What to upload: bytes, or a stream of known length that can be opened for the occasion. */
export interface AssetContent {
	mediaType: MediaType;
	/** Bytes. */
	length: number;
	open(): Promise<Uint8Array | Readable>;
	/** For people, in front of what the asset is known by; printable ASCII. */
	description?: string;
}

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

/** Neither the credential nor the chat request is at fault where the upload is refused. */
function withAdvice({ facts, message, advice, transient }: Failure, better: string): Failure {
	const misread = ['key', 'path', 'model', 'redirect', 'request'];
	if (facts.kind !== 'refused' || !misread.includes(facts.cause))
		return new Failure(facts, message, advice, { transient });
	return new Failure({ ...facts, cause: 'asset' }, message, better);
}
