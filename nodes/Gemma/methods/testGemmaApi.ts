import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

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
	if (models.status === 404) return wrongBaseUrl(connection);
	const assets = await ask({
		method: 'GET',
		url: `${connection.nvcfUrl}/assets`,
		headers: connection.nvcfHeaders,
	});
	if (isOk(assets)) return undefined;
	// The asset API is on its way out: where it is gone, the chat itself has to tell.
	const byAssets = refusedKey(connection, assets);
	if (byAssets) return byAssets;
	const chat = await ask(emptyChat(connection));
	return refusedKey(connection, chat) ?? serverTrouble(chat);
}

/** A list that needs no key says nothing about it; a chat request without content does. */
async function testServer(connection: Connection, ask: Ask): Promise<string | undefined> {
	const models = await ask(modelList(connection));
	const byList = refusedKey(connection, models);
	if (byList) return byList;
	const chat = await ask(emptyChat(connection));
	if (chat.status === 404 && !isOk(models)) return wrongBaseUrl(connection);
	return refusedKey(connection, chat) ?? serverTrouble(chat, models);
}

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
	}) as Promise<{ statusCode: number; body: unknown }>;
	const response = await request.catch((error: unknown) => unreachable(error, url));
	const text =
		typeof response.body === 'string' ? response.body : JSON.stringify(response.body ?? '');
	return { status: response.statusCode, words: serverWords(text, response.statusCode).words };
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

const wrongBaseUrl = ({ baseUrl }: Connection) =>
	`There is no chat API at ${baseUrl} (HTTP 404). Check the Base URL: it usually ends in /v1, once.`;

/** Only when no call made sense: a refusal of the empty request is what a good server says. */
function serverTrouble(chat: Answer, ...others: Answer[]): string | undefined {
	const worst = [chat, ...others].every(
		({ status }) => status >= 500 || (status >= 300 && status < 400),
	);
	return worst ? `The server answered HTTP ${chat.status}: ${chat.words}` : undefined;
}
