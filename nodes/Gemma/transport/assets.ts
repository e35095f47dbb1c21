import type { Readable } from 'node:stream';

import { Failure } from '../failure';
import type { CreatedAsset } from './api';
import type { Connection } from './connection';
import { readText, send, type Reply } from './exchange';
import type { Network } from './network';
import { refusal } from './refusal';
import { startTimeLimit, type TimeLimit } from './timeLimit';

/** What to upload: bytes, or a stream of known length that can be opened for the occasion. */
export interface AssetContent {
	mediaType: 'image/png' | 'image/jpeg';
	/** Bytes. */
	length: number;
	open(): Promise<Uint8Array | Readable>;
}

/** Signed into the upload URL, so it has to be sent with the upload again, as it is. */
const DESCRIPTION = 'n8n-nodes-gemma';

/** Deleting may take this long in all, its one retry included. */
const DELETE_SECONDS = 10;

/**
 * Creates an asset and uploads its content.
 *
 * @returns the asset's id.
 * @throws Failure; an asset that was created and not filled is deleted first.
 */
export async function uploadAsset(
	network: Network,
	connection: Connection,
	content: AssetContent,
	limit: TimeLimit,
): Promise<string> {
	const { assetId, uploadUrl } = await createAsset(network, connection, content.mediaType, limit);
	let uploaded = false;
	try {
		await put(network, uploadUrl, content, limit);
		uploaded = true;
		return assetId;
	} finally {
		if (!uploaded) await deleteAsset(network, connection, assetId);
	}
}

/**
 * Deletes an asset, with one retry, within 10 seconds, also when the execution was stopped.
 *
 * @returns whether it is gone.
 */
export async function deleteAsset(
	network: Network,
	connection: Connection,
	assetId: string,
): Promise<boolean> {
	const limit = startTimeLimit({ timeoutSeconds: DELETE_SECONDS, idleSeconds: DELETE_SECONDS });
	const request = {
		method: 'DELETE' as const,
		url: `${connection.nvcfUrl}/assets/${encodeURIComponent(assetId)}`,
		headers: connection.nvcfHeaders,
		as: 'own' as const,
	};
	try {
		for (let attempt = 0; attempt < 2; attempt++) {
			const status = await send(network, request, limit).then(statusAndRelease, () => 0);
			// 404: it is gone already.
			if ((status >= 200 && status < 300) || status === 404) return true;
		}
		return false;
	} finally {
		limit.end();
	}
}

async function createAsset(
	network: Network,
	connection: Connection,
	contentType: string,
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
			body: JSON.stringify({ contentType, description: DESCRIPTION }),
			as: 'own',
		},
		limit,
	);
	if (reply.status !== 200) throw await refusal(reply);
	const created = parseCreated(await readText(reply));
	connection.redactor.hideUrl(created.uploadUrl);
	return created;
}

function parseCreated(text: string): CreatedAsset {
	try {
		const { assetId, uploadUrl } = JSON.parse(text) as Partial<CreatedAsset>;
		if (assetId && uploadUrl && URL.canParse(uploadUrl)) return { assetId, uploadUrl };
	} catch {
		// Not JSON: falls through to the one failure below.
	}
	throw new Failure(
		{ kind: 'brokenReply' },
		'The asset API did not name an asset and its upload address',
		'Check the NVCF URL of the credential, or set Image Transfer to Inline under Options.',
		{ transient: true },
	);
}

/** The upload host is not NVIDIA's API: it gets neither the key nor the credential's certificates. */
async function put(
	network: Network,
	uploadUrl: string,
	content: AssetContent,
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
				'x-amz-meta-nvcf-asset-description': DESCRIPTION,
			},
			body: await content.open(),
			as: 'foreign',
		},
		limit,
	);
	if (reply.status < 200 || reply.status >= 300) throw await refusal(reply);
	reply.release();
}

function statusAndRelease(reply: Reply): number {
	reply.release();
	return reply.status;
}
