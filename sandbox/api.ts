import { serveAsset, serveAssets } from './assetApi';
import { completeChat } from './chat';
import { checkKey } from './keys';
import { listModels } from './models';
import { badRequest, methodNotAllowed, pageNotFound } from './refusal';
import type { Reply } from './reply';
import { API_BODY_LIMIT, type ReceivedRequest } from './received';
import type { SandboxState } from './state';

export const CHAT_PATH = '/v1/chat/completions';
const ASSETS_PATH = '/v2/nvcf/assets';
const STATUS_PATH = '/v2/nvcf/pexec/status';

/** How long a client lets the server hold a request. The sandbox holds none, but checks it. */
function checkPollSeconds(header: string | string[] | undefined): void {
	if (header === undefined) return;
	const seconds = Number(header);
	if (!Number.isInteger(seconds) || seconds < 1 || seconds > 3600) {
		throw badRequest(`NVCF-POLL-SECONDS must be an integer from 1 to 3600, got '${header}'`);
	}
}

/**
 * NVIDIA's API by its paths.
 *
 * @throws Refusal
 */
export async function serveApi(request: ReceivedRequest, state: SandboxState): Promise<Reply> {
	const { method, headers, url, body } = request;
	const { pathname } = url;
	if (request.isOversize) {
		throw badRequest(
			`The request body has ${request.bytes} bytes; the limit is ${API_BODY_LIMIT} (25 MiB)`,
		);
	}
	if (pathname === '/v1/models') {
		if (method !== 'GET') throw methodNotAllowed('GET');
		return listModels();
	}
	const id = /^(.*)\/([^/]+)$/.exec(pathname);
	const isKnown =
		[CHAT_PATH, ASSETS_PATH].includes(pathname) ||
		[ASSETS_PATH, STATUS_PATH].includes(id?.[1] ?? '');
	if (!isKnown || !id) throw pageNotFound();

	if (state.settings.requireKey) checkKey(headers.authorization, state.keys);
	checkPollSeconds(headers['nvcf-poll-seconds']);
	if (pathname === CHAT_PATH) {
		if (method !== 'POST') throw methodNotAllowed('POST');
		return completeChat(request, state);
	}
	if (pathname === ASSETS_PATH) return serveAssets(method, body, state.assets, state.storageUrl);
	if (id[1] === ASSETS_PATH) return serveAsset(method, id[2], state.assets);
	if (method !== 'GET') throw methodNotAllowed('GET');
	return state.pending.poll(id[2]);
}
