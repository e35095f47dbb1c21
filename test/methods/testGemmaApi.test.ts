import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { startSandbox } from '../../sandbox';
import { authority, otherHost, selfSigned, trusted } from '../support/certificates';
import { openGemma, type GemmaBench } from '../support/gemmaWorkflow';
import { closedPort } from '../support/servers';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const test = async (credential: ICredentialDataDecryptedObject = {}) =>
	await gemma.engine.testCredential('gemmaApi', { ...gemma.credential, ...credential });
const OK = { status: 'OK', message: expect.any(String) as string };
const error = (message: RegExp) => ({
	status: 'Error',
	message: expect.stringMatching(message) as string,
});
const own = { server: 'openAiCompatible' };
const unknown = ['nvapi', 'wrong', '000'].join('-');

/** No test may cost anything: no chat request that was answered. */
const expectNothingSpent = () =>
	expect(gemma.chats().filter(({ status = 0 }) => status < 300)).toEqual([]);
afterEach(() => expectNothingSpent());

describe('at NVIDIA', () => {
	it('accepts a good key without a chat', async () => {
		expect(await test()).toEqual(OK);
		expect(gemma.chats()).toEqual([]);
	});

	it('takes what people paste around a key or an address', async () => {
		const { apiKey, baseUrl } = gemma.sandbox;
		expect(await test({ apiKey: ` Bearer ${apiKey}\n`, baseUrl: ` ${baseUrl}/ ` })).toEqual(OK);
	});

	it.each([
		['a wrong key', unknown, /HTTP 401.*Authentication failed/],
		['a key that may not', 'nvapi-sandbox-forbidden-key', /HTTP 403.*Authorization failed/],
		['no key', '', /API Key .* is empty/],
		['a key in two lines', 'nvapi-a\nb-secret', /API Key .* line break/],
	])('refuses %s', async (_, apiKey, words) => {
		const result = await test({ apiKey });
		expect(result).toEqual(error(words));
		if (apiKey) expect(result.message).not.toContain(apiKey);
	});

	it('knows a Base URL that is none, by its 404', async () => {
		const baseUrl = `${gemma.sandbox.baseUrl}/v1`;
		expect(await test({ baseUrl })).toEqual(error(/no chat API at .*\/v1\/v1 .*404.*once/));
		expect(await test({ baseUrl: 'localhost:1234' })).toEqual(
			error(/Base URL .* not a web address/),
		);
	});

	it('names the host where nobody answers', async () => {
		const url = await closedPort();
		const { host } = new URL(url);
		const refused = new RegExp(`Could not talk to ${host}: connection refused\\. .*Docker`);
		expect(await test({ baseUrl: `${url}/v1` })).toEqual(error(refused));
		expect(await test({ nvcfUrl: `${url}/v2/nvcf` })).toEqual(error(refused));
	});

	it('asks the chat about the key where the asset API is gone, and spends nothing', async () => {
		const gone = { match: { path: '/v2/nvcf' }, status: 404, body: '404 page not found' };
		gemma.sandbox.fault({ ...gone, times: Infinity });
		expect(await test()).toEqual(OK);
		expect(gemma.chats().map(({ status }) => status)).toEqual([400]);
		expect(await test({ apiKey: unknown })).toEqual(error(/HTTP 401/));
	});

	it('does not take a public list for the proof of a key', async () => {
		const match = { path: '/v2/nvcf' };
		gemma.sandbox.fault({ match, status: 500, body: 'down' });
		expect(await test({ apiKey: unknown })).toEqual(error(/HTTP 401.*begin with nvapi-/));
	});

	it('never shows the key or the header’s value, also when the server does', async () => {
		const { apiKey } = gemma.sandbox;
		const detail = `No entry for Bearer ${apiKey} and gateway-secret`;
		gemma.sandbox.fault({ match: { path: '/v2/nvcf' }, status: 401, body: { detail } });
		const result = await test({ header: true, headerName: 'X-A', headerValue: 'gateway-secret' });
		expect(result).toEqual(error(/No entry for Bearer \[hidden\] and \[hidden\]/));
		expect(JSON.stringify(result)).not.toMatch(new RegExp(`${apiKey}|gateway-secret`));
	});

	it('is no success when the server is down', async () => {
		gemma.sandbox.fault({ status: 503, body: 'no healthy upstream', times: Infinity });
		expect(await test()).toEqual(error(/HTTP 503.*no healthy upstream/));
		gemma.reset();
		const down = { status: 500, body: 'Inference connection error', times: Infinity };
		gemma.sandbox.fault({ match: { path: '/v2/nvcf' }, ...down });
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, ...down });
		expect(await test()).toEqual(error(/HTTP 500.*Inference connection error/));
	});
});

describe('at a server of one’s own', () => {
	it('accepts a good key, and refuses a wrong one', async () => {
		expect(await test(own)).toEqual(OK);
		expect(await test({ ...own, apiKey: unknown })).toEqual(error(/HTTP 401/));
	});

	it('accepts no key where none is needed, and says when one is', async () => {
		expect(await test({ ...own, apiKey: '' })).toEqual(error(/HTTP 401.*was missing/));
		gemma.sandbox.settings.requireKey = false;
		expect(await test({ ...own, apiKey: '' })).toEqual(OK);
		expect(gemma.sandbox.requests.at(-1)?.headers).not.toHaveProperty('authorization');
	});

	it('asks nothing of the asset API', async () => {
		await test(own);
		expect(gemma.sandbox.requests.filter(({ path }) => path.startsWith('/v2'))).toEqual([]);
	});

	it('knows a Base URL that is none', async () => {
		const baseUrl = `${gemma.sandbox.baseUrl}/v1`;
		expect(await test({ ...own, baseUrl })).toEqual(error(/no chat API at .*404/));
	});

	it('works without a list of models', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/models' }, status: 404, body: 'not found' });
		expect(await test(own)).toEqual(OK);
	});

	it('is no success when the server is down, or only redirects', async () => {
		gemma.sandbox.fault({ status: 502, body: '<h1>Bad Gateway</h1>', times: Infinity });
		expect(await test(own)).toEqual(error(/HTTP 502.*Bad Gateway/));
		gemma.reset();
		gemma.sandbox.fault({ status: 307, headers: { location: 'https://x.example/' }, times: 9 });
		expect(await test(own)).toEqual(error(/HTTP 307.* redirects to x\.example\./));
	});

	it('takes a list of models for one, also where the empty chat request finds nothing', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, status: 404, body: 'no such model' });
		expect(await test(own)).toEqual(OK);
	});

	it.each<[what: string, status: number, body: string | object, isRight: boolean]>([
		['a refusal in JSON', 400, { error: { message: 'messages is required' } }, true],
		['llama.cpp’s 500 in JSON', 500, { error: { message: 'parse error' } }, true],
		['a page', 200, '<html><title>Sign in</title></html>', false],
		['JSON that says there is no such path', 404, { error: 'not found' }, false],
		['JSON that says there is no such method', 405, { detail: 'Method Not Allowed' }, false],
		['a text', 400, 'Bad Request', false],
	])('without a list of models goes by the chat: %s', async (_, status, body, isRight) => {
		gemma.sandbox.fault(
			{ match: { path: '/v1/models' }, status: 200, body: '<html></html>' },
			{ match: { path: '/v1/chat' }, status, body },
		);
		const wrong = error(new RegExp(`no chat API at .*HTTP ${status}.* Check the Base URL`));
		expect(await test(own)).toEqual(isRight ? OK : wrong);
		gemma.reset();
	});

	it('speaks of its own key, not of NVIDIA’s', async () => {
		const wrong = await test({ ...own, apiKey: unknown });
		expect(wrong).toEqual(error(/does not accept the API key .*server's own settings/));
		const missing = await test({ ...own, apiKey: '' });
		expect(missing).toEqual(error(/asks for an API key .*that it was started with/));
		expect(`${wrong.message} ${missing.message}`).not.toMatch(/nvapi|NVIDIA/i);
	});
});

describe('over TLS', () => {
	it.each<[what: string, tls: typeof trusted, more: object, expected: object]>([
		['refuses a self-signed certificate', selfSigned, {}, error(/self-signed.*CA Certificate/)],
		[
			'refuses a private authority',
			trusted,
			{},
			error(/private|unknown authority.*CA Certificate/),
		],
		['accepts it with its CA Certificate', trusted, { caCertificate: authority }, OK],
		[
			'accepts the CA Certificate in one line',
			trusted,
			{ caCertificate: authority.replace(/\n/g, ' ') },
			OK,
		],
		[
			'refuses another host’s certificate',
			otherHost,
			{ caCertificate: authority },
			error(/another host name/),
		],
		['accepts anything when told to', selfSigned, { allowUnauthorizedCerts: true }, OK],
		['refuses what is no certificate', trusted, { caCertificate: 'abc' }, error(/not a PEM/)],
	])('%s', async (_, tls, more, expected) => {
		const sandbox = await startSandbox({ tls });
		const { apiKey, baseUrl, nvcfUrl } = sandbox;
		const credential = { apiKey, baseUrl, nvcfUrl, ...more };
		const results = [
			await test({ server: 'nvidia', ...credential }),
			await test({ server: 'openAiCompatible', ...credential }),
		];
		await sandbox.close();
		expect(results).toEqual([expected, expected]);
	});

	it('says so when the server speaks no TLS', async () => {
		const baseUrl = gemma.sandbox.baseUrl.replace('http:', 'https:');
		expect(await test({ baseUrl })).toEqual(error(/does not speak TLS.*http:\/\//));
	});
});
