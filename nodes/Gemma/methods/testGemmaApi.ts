import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { parseJson } from '../json';
import { connect, type Connection, type GemmaCredential } from '../transport/connection';
import { hostOf } from '../transport/exchange';
import { networkFailure } from '../transport/networkFailure';
import { serverWords } from '../transport/serverWords';
import { trustedAuthorities } from '../transport/network';

const MILLISECONDS = 15_000;

interface Probe {
	method: 'GET' | 'POST';
	url: string;
	headers: Record<string, string>;
	body?: string;
}

interface Answer {
	status: number;
	words: string;
	isJson: boolean;
	/** A list of models, in the API's form. */
	isList: boolean;
	/** Where a redirect points to. */
	location?: string;
}

/**
 * The credential's Test button: finds out whether the server is there, whether the addresses are
 * right, and whether the key is accepted. Nothing it asks costs a token.
 */
export async function testGemmaApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	let clean = (text: string) => text;
	try {
		const connection = connect((credential.data ?? {}) as GemmaCredential);
		clean = (text) => connection.redactor.text(text);
		const ask = async (probe: Probe) => await askWith(this, connection, probe);
		const trouble = connection.nvcfUrl
			? await testNvidia(connection, ask)
			: await testServer(connection, ask);
		return trouble
			? { status: 'Error', message: clean(trouble) }
			: { status: 'OK', message: 'The server accepts this credential' };
	} catch (error) {
		const { message, advice } = error as { message: string; advice?: string };
		return { status: 'Error', message: clean([message, advice].filter(Boolean).join('. ')) };
	}
}

type Ask = (probe: Probe) => Promise<Answer>;

/** The model list needs no key at NVIDIA, but the asset list does. */
async function testNvidia(connection: Connection, ask: Ask): Promise<string | undefined> {
	const models = await ask(modelList(connection));
	const assets = await ask({
		method: 'GET',
		url: `${connection.nvcfUrl}/assets`,
		headers: connection.nvcfHeaders,
	});
	const byAssets = refusedKey(connection, assets);
	if (byAssets) return byAssets;
	if (isOk(assets) && models.isList) return undefined;
	// The asset API is on its way out: where it is gone, the chat itself has to tell.
	return await testChat(connection, ask, models);
}

/** A list that needs no key says nothing about it; a chat request without content does. */
async function testServer(connection: Connection, ask: Ask): Promise<string | undefined> {
	const models = await ask(modelList(connection));
	return refusedKey(connection, models) ?? (await testChat(connection, ask, models));
}

async function testChat(
	connection: Connection,
	ask: Ask,
	models: Answer,
): Promise<string | undefined> {
	const chat = await ask(emptyChat(connection));
	const byChat = refusedKey(connection, chat);
	if (byChat || understands(chat)) return byChat;
	// A server that lists models may say 404 to a request that names none. NVIDIA's list needs no
	// key, so a chat that is down leaves the key's worth open.
	if (models.isList && !(connection.nvcfUrl && chat.status >= 500)) return undefined;
	if (chat.status >= 500) return `The server answered HTTP ${chat.status}: ${chat.words}`;
	const { baseUrl } = connection;
	const target = chat.location && ` It redirects to ${hostOf(chat.location)}.`;
	return `There is no chat API at ${baseUrl} (HTTP ${chat.status}).${target ?? ''} Check the Base URL: it usually ends in /v1, once.`;
}

/** A chat API refuses the empty request in JSON; llama.cpp does so as 500. */
const understands = ({ status, isJson }: Answer) =>
	isJson && (status < 300 || status >= 400) && status !== 404 && status !== 405;

const modelList = ({ baseUrl, baseHeaders }: Connection): Probe => ({
	method: 'GET',
	url: `${baseUrl}/models`,
	headers: baseHeaders,
});

/** Without messages no server answers, so no token is spent; the key is looked at first. */
const emptyChat = ({ baseUrl, baseHeaders }: Connection): Probe => ({
	method: 'POST',
	url: `${baseUrl}/chat/completions`,
	headers: { ...baseHeaders, 'content-type': 'application/json' },
	body: '{}',
});

async function askWith(
	context: ICredentialTestFunctions,
	connection: Connection,
	{ method, url, headers, body }: Probe,
): Promise<Answer> {
	const request = context.helpers.request({
		method,
		uri: url,
		headers,
		body,
		timeout: MILLISECONDS,
		resolveWithFullResponse: true,
		simple: false,
		followRedirect: false,
		rejectUnauthorized: !connection.allowUnauthorizedCerts,
		agentOptions: { ca: trustedAuthorities(connection) },
	}) as Promise<{ statusCode: number; body: unknown; headers: Record<string, string> }>;
	const response = await request.catch((error: unknown) => unreachable(error, url));
	const text =
		typeof response.body === 'string' ? response.body : JSON.stringify(response.body ?? '');
	const json = parseJson(text);
	const status = response.statusCode;
	return {
		status,
		words: serverWords(text, status).words,
		isJson: typeof json === 'object' && json !== null,
		isList: status === 200 && Array.isArray((json as { data?: unknown } | null)?.data),
		location: response.headers?.location,
	};
}

function unreachable(error: unknown, url: string): never {
	throw networkFailure(error, hostOf(url));
}

const isOk = ({ status }: Answer) => status >= 200 && status < 300;

function refusedKey(connection: Connection, { status, words }: Answer): string | undefined {
	if (status !== 401 && status !== 403) return undefined;
	const said = `(HTTP ${status}: ${words})`;
	if (connection.server === 'nvidia') {
		return `The server does not accept the API key ${said}. Copy the key again; keys of build.nvidia.com begin with nvapi-.`;
	}
	return connection.baseHeaders.authorization
		? `The server does not accept the API key ${said}. Copy the key again from the server's own settings.`
		: `The server asks for an API key ${said}. Enter the one that it was started with.`;
}
