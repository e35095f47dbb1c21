import { request } from 'node:http';
import { call, picture, uploadAsset, useOwnSandboxes, useSandbox } from './support';

const HOUR = 3_600_000;
let now = Date.UTC(2026, 0, 1);
const startOwn = useOwnSandboxes();
const sandbox = useSandbox({ clock: () => now });
const assetsUrl = (path = '') => `${sandbox.current.nvcfUrl}/assets${path}`;
const fields = { contentType: 'image/png', description: 'a picture' };

async function create(body: unknown = fields) {
	return call(sandbox.current, assetsUrl(), { method: 'POST', body });
}

async function put(url: string, headers: Record<string, string> = {}) {
	const response = await fetch(url, {
		method: 'PUT',
		headers: {
			'content-type': fields.contentType,
			'x-amz-meta-nvcf-asset-description': fields.description,
			...headers,
		},
		body: 'bytes',
	});
	return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('creating an asset', () => {
	it('gives an id and an upload URL on the storage host', async () => {
		const answer = await create();
		expect(answer.status).toBe(200);
		const { assetId, uploadUrl, ...rest } = JSON.parse(answer.text);
		expect(rest).toEqual(fields);
		expect(uploadUrl).toMatch(/[?&]X-Amz-Signature=[0-9a-f]{64}$/);
		expect(new URL(uploadUrl).origin).toBe(sandbox.current.storageUrl);
		expect(sandbox.current.assets.get(assetId)).toMatchObject({ uploaded: false, createdAt: now });
	});

	it.each([
		[422, 'no contentType', { description: 'x' }],
		[422, 'no description', { contentType: 'image/png' }],
		[422, 'an empty description', { ...fields, description: '' }],
		[422, 'a number for a description', { ...fields, description: 5 }],
		[422, 'a field that does not exist', { ...fields, more: 1 }],
		[400, 'parameters in the contentType', { ...fields, contentType: 'image/png; charset=x' }],
		[400, 'no media type', { ...fields, contentType: 'png' }],
		[400, 'a list', []],
		[400, 'broken JSON', '{'],
	])('is %s with %s', async (status, _name, body) => {
		const answer = await create(body);
		expect(answer.status).toBe(status);
		expect(JSON.parse(answer.text)).toMatchObject({ status, detail: expect.any(String) });
		expect(sandbox.current.assets.size).toBe(0);
	});
});

describe('uploading', () => {
	const newUrl = async () => JSON.parse((await create()).text).uploadUrl as string;

	it('keeps the bytes', async () => {
		const bytes = await picture('png');
		const id = await uploadAsset(sandbox.current, bytes);
		expect(sandbox.current.assets.get(id)).toMatchObject({ uploaded: true, bytes });
	});

	it('takes a description beyond ASCII when it is sent as UTF-8 bytes', async () => {
		const description = 'Größe';
		const { uploadUrl } = JSON.parse((await create({ ...fields, description })).text);
		const bytes = Buffer.from(description).toString('latin1');
		expect((await put(uploadUrl, { 'x-amz-meta-nvcf-asset-description': bytes })).status).toBe(200);
	});

	it('refuses a key, as S3 does', async () => {
		const answer = await put(await newUrl(), { authorization: `Bearer ${sandbox.current.apiKey}` });
		expect(answer.status).toBe(400);
		expect(answer.headers.get('content-type')).toBe('application/xml');
		expect(answer.text).toContain('<Code>InvalidArgument</Code>');
	});

	it.each([
		['another content type', { 'content-type': 'image/jpeg' }],
		['another description', { 'x-amz-meta-nvcf-asset-description': 'other' }],
		['no description', { 'x-amz-meta-nvcf-asset-description': '' }],
	])('refuses %s than was signed', async (_name, headers) => {
		const answer = await put(await newUrl(), headers);
		expect(answer.status).toBe(403);
		expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
	});

	it('refuses a missing content type and description', async () => {
		const response = await fetch(await newUrl(), { method: 'PUT', body: new Uint8Array(3) });
		expect(response.status).toBe(403);
		await response.text();
	});

	it('refuses another signature, or none', async () => {
		const url = await newUrl();
		expect((await put(`${url.slice(0, -1)}x`)).status).toBe(403);
		expect((await put(url.split('?')[0])).status).toBe(403);
	});

	it('refuses a chunked body', async () => {
		const url = await newUrl();
		const status = await new Promise((resolve, reject) => {
			const upload = request(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } });
			upload.on('response', (response) => resolve(response.resume().statusCode));
			upload.on('error', reject);
			upload.end('bytes');
		});
		expect(status).toBe(411);
	});

	it('is possible for 30 minutes', async () => {
		const [early, late] = [await newUrl(), await newUrl()];
		now += HOUR / 2 - 1;
		expect((await put(early)).status).toBe(200);
		now += 1;
		const answer = await put(late);
		expect(answer.status).toBe(403);
		expect(answer.text).toContain('Request has expired');
	});

	it('is not found when the asset is gone', async () => {
		const { assetId, uploadUrl } = JSON.parse((await create()).text);
		await call(sandbox.current, assetsUrl(`/${assetId}`), { method: 'DELETE' });
		expect((await put(uploadUrl)).text).toContain('<Code>NoSuchKey</Code>');
	});

	it('is by PUT only', async () => {
		expect((await fetch(await newUrl())).status).toBe(405);
	});
});

describe('assets that are up', () => {
	it('are listed and shown', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		const entry = { assetId: id, ...fields, createdAt: new Date(now).toISOString() };
		const list = await call(sandbox.current, assetsUrl());
		expect(JSON.parse(list.text)).toEqual({ assets: [entry] });
		const one = await call(sandbox.current, assetsUrl(`/${id}`));
		expect(JSON.parse(one.text)).toEqual({ asset: entry });
	});

	it('are deleted once; a second time there is none', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		const first = await call(sandbox.current, assetsUrl(`/${id}`), { method: 'DELETE' });
		expect([first.status, first.text]).toEqual([204, '']);
		expect(sandbox.current.assets.size).toBe(0);
		for (const method of ['DELETE', 'GET']) {
			const again = await call(sandbox.current, assetsUrl(`/${id}`), { method });
			expect(again.status).toBe(404);
			expect(JSON.parse(again.text).detail).toMatch(`Asset '${id}' does not exist for account '`);
		}
	});

	it('live 24 hours', async () => {
		const id = await uploadAsset(sandbox.current, await picture('png'));
		now += 24 * HOUR - 1;
		expect((await call(sandbox.current, assetsUrl(`/${id}`))).status).toBe(200);
		now += 1;
		expect((await call(sandbox.current, assetsUrl(`/${id}`))).status).toBe(404);
		expect(JSON.parse((await call(sandbox.current, assetsUrl())).text)).toEqual({ assets: [] });
	});
});

it('two sandboxes know nothing of each other’s assets', async () => {
	const other = await startOwn();
	await uploadAsset(sandbox.current, await picture('png'));
	expect(JSON.parse((await call(other, `${other.nvcfUrl}/assets`)).text).assets).toEqual([]);
});
