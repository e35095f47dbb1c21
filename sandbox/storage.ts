import type { IncomingHttpHeaders } from 'node:http';
import { UPLOAD_LIFE_MS, type Asset, type AssetStore } from './assets';
import type { PendingReplies } from './pending';
import { storageError } from './refusal';
import { empty, type Reply } from './reply';
import type { ReceivedRequest } from './received';

const DESCRIPTION_HEADER = 'x-amz-meta-nvcf-asset-description';

/** A pre-signed URL in S3's manner: whoever has it may upload, without a key. */
export function uploadUrl(storageUrl: string, id: string, asset: Asset): string {
	const url = new URL(`/uploads/${id}`, storageUrl);
	url.searchParams.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256');
	url.searchParams.set('X-Amz-Expires', String(UPLOAD_LIFE_MS / 1000));
	url.searchParams.set('X-Amz-SignedHeaders', `content-type;host;${DESCRIPTION_HEADER}`);
	url.searchParams.set('X-Amz-Signature', asset.signature);
	return url.href;
}

function signatureMismatch() {
	return storageError(
		403,
		'SignatureDoesNotMatch',
		'The request signature we calculated does not match the signature you provided.',
	);
}

/** Headers travel as Latin-1 or, from clients that put other text in them, as UTF-8 bytes. */
function isSameText(header: string | undefined, value: string): boolean {
	if (header === undefined) return false;
	return header === value || Buffer.from(header, 'latin1').toString() === value;
}

function checkSigned(asset: Asset, url: URL, headers: IncomingHttpHeaders): void {
	const description = headers[DESCRIPTION_HEADER];
	const isSigned =
		url.searchParams.get('X-Amz-Signature') === asset.signature &&
		headers['content-type'] === asset.contentType &&
		isSameText(Array.isArray(description) ? description.join() : description, asset.description);
	if (!isSigned) throw signatureMismatch();
}

function upload(request: ReceivedRequest, id: string, store: AssetStore): Reply {
	if (request.headers['content-length'] === undefined) {
		throw storageError(411, 'MissingContentLength', 'You must provide the Content-Length.');
	}
	const asset = store.find(id);
	if (!asset) throw storageError(404, 'NoSuchKey', 'The specified key does not exist.');
	checkSigned(asset, request.url, request.headers);
	if (store.age(asset) >= UPLOAD_LIFE_MS) {
		throw storageError(403, 'AccessDenied', 'Request has expired');
	}
	if (request.isOversize) {
		throw storageError(400, 'EntityTooLarge', 'Your upload exceeds the size this sandbox keeps.');
	}
	asset.bytes = request.body;
	asset.uploaded = true;
	return empty(200, { etag: `"${asset.signature.slice(0, 32)}"` });
}

/**
 * The storage host, on its own port: uploads, and the results that are too large for the API.
 * Its URLs are signed, and a key beside the signature is refused as S3 refuses it.
 *
 * @throws Refusal
 */
export function serveStorage(
	request: ReceivedRequest,
	store: AssetStore,
	pending: PendingReplies,
): Reply {
	if (request.headers.authorization !== undefined) {
		throw storageError(400, 'InvalidArgument', 'Only one auth mechanism allowed');
	}
	const [, folder, id = ''] = request.url.pathname.split('/');
	if (folder === 'uploads' && request.method === 'PUT') return upload(request, id, store);
	if (folder === 'results' && request.method === 'GET') {
		const result = pending.collect(id, request.url.searchParams.get('X-Amz-Signature'));
		if (!result) throw signatureMismatch();
		return result;
	}
	throw storageError(405, 'MethodNotAllowed', 'The specified method is not allowed here.');
}
