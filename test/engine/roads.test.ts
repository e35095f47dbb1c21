import type { INodeParameters } from 'n8n-workflow';

import { promptTokens } from '../../sandbox/chat/tokens';
import { startSandbox, type Fault } from '../../sandbox';
import {
	analyze,
	openGemma,
	picturesIn,
	type GemmaBench,
	type GemmaRun,
	type GemmaRunOptions,
} from '../support/gemmaWorkflow';
import { authority, trusted } from '../support/certificates';
import { wholeCompletion } from '../support/events';
import { photo, solid } from '../support/pictures';
import { until } from '../support/until';

const CHAT = 'POST /v1/chat/completions 200';
const CREATE = 'POST /v2/nvcf/assets 200';
const UPLOAD = 'PUT /uploads/{id} 200';
const DELETE = 'DELETE /v2/nvcf/assets/{id} 204';
const ASSETS = '/v2/nvcf/assets';

let gemma: GemmaBench;
/** Larger than the documented limit for inline pictures, and another one. */
let large: Buffer;
let other: Buffer;
beforeAll(async () => {
	gemma = await openGemma({
		engine: { binaryMode: 'filesystem' },
		sandbox: { keepBodies: true },
	});
	large = await photo({ width: 1600, height: 1200 });
	other = await photo({ width: 1600, height: 1200, seed: 2 });
	expect((large.length / 3) * 4).toBeGreaterThan(180_000);
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

/** One item a picture; one after the other, as later ones profit from what the first met. */
const ask = async (
	pictures: Buffer[],
	options: INodeParameters = {},
	rest: GemmaRunOptions = {},
) => {
	const input = await Promise.all(
		pictures.map(async (picture) => await gemma.item({ 'data.jpg': picture })),
	);
	const all = { concurrency: 1, maxRetries: 0, ...options };
	return await gemma.run(analyze({ options: all }), { input, ...rest });
};
const original = { imageDetail: 'original' };
/** How many items had their pictures seen. */
const seen = ({ json }: GemmaRun) =>
	json.filter(({ text }) => String(text).includes('Picture 1')).length;

describe('by itself the node', () => {
	it('sends an ordinary photo inline, with one request', async () => {
		const run = await ask([large]);
		expect(seen(run)).toBe(1);
		expect(gemma.log()).toEqual([CHAT]);
	});

	it('uploads a picture above the limit, refers to it, and deletes it', async () => {
		const run = await ask([large], original);
		expect(seen(run)).toBe(1);
		expect(run.hints).toEqual([]);
		expect(gemma.log()).toEqual([CREATE, UPLOAD, CHAT, DELETE]);
		const [{ headers, body }] = gemma.chats();
		const id = headers['nvcf-input-asset-references'];
		const content = `<img src="data:image/jpeg;asset_id,${id}" />\nWhat is this?`;
		expect(body).toMatchObject({ messages: [{ role: 'user', content }] });
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it('asks again inline where the model did not see the asset, and remembers it', async () => {
		gemma.sandbox.settings.ignoresAssets = true;
		const run = await ask([large, other], original);
		expect(seen(run)).toBe(2);
		expect(run.hints).toEqual([]);
		expect(gemma.log()).toEqual([CREATE, UPLOAD, CHAT, CHAT, CHAT, DELETE]);
		const [unseen] = gemma.bodies();
		const text = String(unseen.messages[0].content);
		const spent = promptTokens([{ role: 'user', text, pictures: [] }]);
		const [first, second] = run.json.map(({ usage }) => usage as { promptTokens: number });
		expect(first.promptTokens).toBe(second.promptTokens + spent);
	});

	it('says so when the model saw it on neither road, by what the last reply counted', async () => {
		const usage = { prompt_tokens: 200, completion_tokens: 3, total_tokens: 203 };
		const body = wholeCompletion('Which picture?', { usage });
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, body, times: 2 });
		const run = await ask([large], original);
		expect(gemma.log()).toEqual([CREATE, UPLOAD, CHAT, CHAT, DELETE]);
		expect(run.json[0].usage).toMatchObject({ promptTokens: 400 });
		expect(run.hints).toEqual([expect.stringMatching(/did not see the picture.* 200 tokens/)]);
		expect(run.hints[0]).not.toContain('Image Transfer');
	});

	it('makes a picture smaller for an inline request, not for an upload', async () => {
		gemma.sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: Infinity });
		gemma.sandbox.settings.inlineLimit = 10_000;
		await ask([large]);
		await ask([large], { imageTransfer: 'asset' });
		const [bySize, asTold] = [...gemma.sandbox.assets.values()].map(({ bytes }) => bytes!);
		expect(bySize.equals(asTold)).toBe(true);
		const [inline] = picturesIn(gemma.bodies()[0]);
		expect(inline.length).toBeLessThan(bySize.length);
	});

	it('uploads where the server refuses inline pictures for their size, and remembers it', async () => {
		gemma.sandbox.settings.inlineLimit = 10_000;
		const run = await ask([large, other]);
		expect(seen(run)).toBe(2);
		expect(gemma.log()).toEqual([
			'POST /v1/chat/completions 400',
			...[CREATE, UPLOAD, CHAT],
			...[CREATE, UPLOAD, CHAT],
			...[DELETE, DELETE],
		]);
	});

	it('gives up when neither road leads anywhere, in the server’s words', async () => {
		Object.assign(gemma.sandbox.settings, { inlineLimit: 10_000, ignoresAssets: true });
		const { error } = await ask([large]);
		expect(error?.message).toMatch(/characters of base64; the limit is 10000.*\(HTTP 400\)/);
		expect(error?.description).toContain('fewer or smaller pictures');
		expect(gemma.chats()).toHaveLength(3);
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it.each<[what: string, fault: Fault]>([
		['answers 500', { match: { method: 'POST', path: ASSETS }, status: 500 }],
		['is gone', { match: { path: ASSETS }, status: 404, body: '404 page not found' }],
		['is unreachable', { match: { method: 'POST', path: ASSETS }, reset: 'before' }],
		['takes no upload', { match: { method: 'PUT' }, status: 403, body: '<Error/>' }],
		['answers nonsense', { match: { method: 'POST', path: ASSETS }, body: 'OK' }],
	])('sends inline where the asset API %s, and tries it once', async (_, fault) => {
		gemma.sandbox.fault({ ...fault, times: Infinity });
		const run = await ask([large, other], original);
		expect(run.error).toBeUndefined();
		expect(seen(run)).toBe(2);
		expect(gemma.chats()).toHaveLength(2);
		expect(gemma.log().filter((line) => line.startsWith('POST /v2/nvcf/assets'))).toHaveLength(1);
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it('sends more pictures inline than a request can name assets', async () => {
		const small = await photo({ width: 320, height: 240 });
		const files = Array.from({ length: 11 }, (_, index) => [`p${index}.jpg`, small] as const);
		const input = [await gemma.item(Object.fromEntries(files))];
		const parameters = { imageInput: 'allBinary', options: original };
		const { json } = await gemma.run(analyze(parameters), { input });
		expect(json[0].text).toContain('Picture 11');
		expect(gemma.log()).toEqual([CHAT]);
		const forced = analyze({ ...parameters, options: { ...original, imageTransfer: 'asset' } });
		const { error } = await gemma.run(forced, { input });
		expect(error?.message).toContain('11 pictures');
		expect(error?.message).toContain('at most 10 assets');
		expect(error?.description).toContain('Image Transfer');
		expect(gemma.log()).toEqual([CHAT]);
	});
});

describe('told to, the node', () => {
	it('uploads even a small picture', async () => {
		const red = await solid('png', 8, 8, 'red');
		expect(seen(await ask([red], { imageTransfer: 'asset' }))).toBe(1);
		expect(gemma.log()).toEqual([CREATE, UPLOAD, CHAT, DELETE]);
	});

	it('sends even a large picture inline', async () => {
		expect(seen(await ask([large], { ...original, imageTransfer: 'inline' }))).toBe(1);
		expect(gemma.log()).toEqual([CHAT]);
		expect(picturesIn(gemma.bodies()[0])[0].equals(large)).toBe(true);
	});

	it('fails where there is no asset API, in the server’s words', async () => {
		const body = { status: 404, title: 'Not Found', detail: 'Assets are no longer served' };
		gemma.sandbox.fault({ match: { path: ASSETS }, status: 404, body, times: Infinity });
		const { error } = await ask([large], { imageTransfer: 'asset' });
		expect(error?.message).toBe('Assets are no longer served (HTTP 404)');
		expect(error?.description).toContain('Image Transfer to Inline');
		expect(gemma.chats()).toEqual([]);
	});

	it('says so when the model did not see the asset', async () => {
		gemma.sandbox.settings.ignoresAssets = true;
		const run = await ask([large], { imageTransfer: 'asset' });
		expect(gemma.chats()).toHaveLength(1);
		expect(run.hints.join()).toMatch(/did not see the picture.*Image Transfer to Inline/);
	});
});

describe('uploaded pictures', () => {
	it('go up once and are deleted once, however many items hold them', async () => {
		expect(seen(await ask([large, other, large, large], original))).toBe(4);
		const counts = [CREATE, UPLOAD, DELETE].map(
			(line) => gemma.log().filter((logged) => logged === line).length,
		);
		expect(counts).toEqual([2, 2, 2]);
		expect(gemma.chats()).toHaveLength(4);
	});

	it('are sent to the storage host without the key', async () => {
		const header = { header: true, headerName: 'X-Gateway', headerValue: 'gateway-secret' };
		await ask([large], original, { credential: header });
		const stored = gemma.sandbox.requests.filter(({ host }) => host === 'storage');
		expect(stored).toHaveLength(1);
		expect(stored[0].headers).not.toHaveProperty('authorization');
		expect(JSON.stringify(stored)).not.toMatch(/nvapi-|gateway-secret/);
	});

	it('are the file’s own bytes when the original was asked for', async () => {
		// What cannot be deleted can be looked at.
		gemma.sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: Infinity });
		const run = await ask([large], original);
		const [{ bytes, contentType }] = [...gemma.sandbox.assets.values()];
		expect(contentType).toBe('image/jpeg');
		expect(bytes?.equals(large)).toBe(true);
		expect(run.status).toBe('success');
		expect(run.hints).toEqual([
			expect.stringContaining('1 uploaded picture may not have been deleted'),
		]);
	});

	it('are deleted after a failure of the chat, too', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, status: 410, body: { detail: 'Gone.' } });
		const { error } = await ask([large], original);
		expect(error?.message).toBe('Gone. (HTTP 410)');
		expect(gemma.log().at(-1)).toBe(DELETE);
		expect(gemma.sandbox.assets.size).toBe(0);
	});

	it('are deleted when the execution is stopped, too', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, stallAfterBytes: 100 });
		const controller = new AbortController();
		const running = ask([large], original, { signal: controller.signal });
		await until('the chat was asked', () => gemma.chats().length === 1);
		expect(gemma.sandbox.assets.size).toBe(1);
		controller.abort();
		expect((await running).status).toBe('canceled');
		await until('the asset is deleted', () => gemma.log().at(-1) === DELETE, 1000);
	});
});

it('another server gets pictures inline always', async () => {
	const credential = { server: 'openAiCompatible' };
	for (const options of [original, { ...original, imageTransfer: 'asset' }])
		expect(seen(await ask([large], options, { credential }))).toBe(1);
	expect(gemma.log()).toEqual([CHAT, CHAT]);
});

it('the credential’s CA Certificate counts for the API, not for the storage host', async () => {
	const sandbox = await startSandbox({ tls: trusted });
	const { apiKey, baseUrl, nvcfUrl, storageUrl } = sandbox;
	const credential = { apiKey, baseUrl, nvcfUrl, caCertificate: authority };
	const forced = await ask([large], { imageTransfer: 'asset' }, { credential });
	const free = await ask([large], original, { credential });
	await sandbox.close();
	expect(forced.error?.message).toContain(
		`Could not talk to ${new URL(storageUrl).host}: its cert`,
	);
	expect(seen(free)).toBe(1);
	expect(sandbox.requests.some(({ host }) => host === 'storage')).toBe(false);
});
