import type { Asset, AssetStore } from './assets';
import { methodNotAllowed, problem } from './refusal';
import { empty, json, type Reply } from './reply';
import { uploadUrl } from './storage';
import { isObject, parseJson, unknownKey } from './values';

/** A media type without parameters: what the upload's signature is made over. */
const PLAIN_MEDIA_TYPE = /^[\w.+-]+\/[\w.+-]+$/;

function checkedFields(body: Buffer): { contentType: string; description: string } {
	const fields = parseJson(body.toString());
	if (!isObject(fields)) throw problem(400, 'The body is not a JSON object');
	const { contentType, description } = fields;
	if (typeof contentType !== 'string' || contentType === '') {
		throw problem(422, 'contentType is required and must be a string');
	}
	if (typeof description !== 'string' || description === '') {
		throw problem(422, 'description is required and must be a string');
	}
	const extra = unknownKey(fields, ['contentType', 'description']);
	if (extra !== undefined) throw problem(422, `${extra}: Extra inputs are not permitted`);
	if (!PLAIN_MEDIA_TYPE.test(contentType)) {
		throw problem(400, `contentType '${contentType}' is not a media type without parameters`);
	}
	return { contentType, description };
}

function toEntry(id: string, { contentType, description, createdAt }: Asset) {
	return { assetId: id, description, contentType, createdAt: new Date(createdAt).toISOString() };
}

/** `/v2/nvcf/assets`: POST creates an asset and its upload URL, GET lists. */
export function serveAssets(
	method: string,
	body: Buffer,
	store: AssetStore,
	storageUrl: string,
): Reply {
	if (method === 'GET') {
		return json(200, { assets: store.list().map(([id, asset]) => toEntry(id, asset)) });
	}
	if (method !== 'POST') throw methodNotAllowed('GET, POST');
	const { contentType, description } = checkedFields(body);
	const { id, asset } = store.create(contentType, description);
	return json(200, {
		assetId: id,
		uploadUrl: uploadUrl(storageUrl, id, asset),
		contentType,
		description,
	});
}

/** `/v2/nvcf/assets/{id}`: GET tells about it, DELETE takes it away. */
export function serveAsset(method: string, id: string, store: AssetStore): Reply {
	if (method !== 'GET' && method !== 'DELETE') throw methodNotAllowed('GET, DELETE');
	const asset = store.get(id);
	if (method === 'GET') return json(200, { asset: toEntry(id, asset) });
	store.assets.delete(id);
	return empty(204);
}
