import { Readable } from 'node:stream';
import { startSandbox, type Sandbox } from '../../sandbox';
import { uploadAsset, type AssetContent } from '../../nodes/Gemma/transport/assets';
import type { Connection } from '../../nodes/Gemma/transport/connection';
import type { EgressFilter } from '../../nodes/Gemma/transport/network';
import type { TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { nvidia, partsOf, sandboxConnection, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

const bytes = Buffer.from('not really a picture, and nobody looks');
const picture: AssetContent = {
	mediaType: 'image/png',
	length: bytes.length,
	open: async () => bytes,
};

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await keep(startSandbox());
});

async function upload(
	content = picture,
	over: { connection?: Connection; limit?: TimeLimit } = {},
): Promise<string> {
	const connection = over.connection ?? sandboxConnection(sandbox);
	return await uploadAsset(await network(), connection, content, over.limit ?? limit());
}

const methods = () => sandbox.requests.map(({ method, host }) => `${host} ${method}`);

describe('uploading an asset', () => {
	it('creates it, then puts its bytes where the server says', async () => {
		const id = await upload();
		expect(methods()).toEqual(['api POST', 'storage PUT']);
		expect(sandbox.assets.get(id)).toMatchObject({
			contentType: 'image/png',
			description: expect.stringMatching(/^n8n-nodes-gemma/),
			uploaded: true,
			bytes,
		});
	});

	it('sends the key to the API and never to the storage host', async () => {
		await upload();
		const [created, put] = sandbox.requests;
		expect(created.headers.authorization).toBe(`Bearer ${sandbox.apiKey}`);
		expect(JSON.stringify(put)).not.toContain(sandbox.apiKey);
		expect(put.headers).not.toHaveProperty('authorization');
	});

	it('announces its length, also when it is a stream', async () => {
		const half = bytes.length / 2;
		const open = async () => Readable.from([bytes.subarray(0, half), bytes.subarray(half)]);
		const id = await upload({ mediaType: 'image/jpeg', length: bytes.length, open });
		expect(sandbox.assets.get(id)).toMatchObject({ contentType: 'image/jpeg', bytes });
		const { headers } = sandbox.requests[1];
		expect(headers['content-length']).toBe(String(bytes.length));
		expect(headers).not.toHaveProperty('transfer-encoding');
	});

	it('of 5 MB arrives whole', async () => {
		const large = Buffer.alloc(5 * 1024 * 1024, 'x');
		const id = await upload({ ...picture, length: large.length, open: async () => large });
		expect(sandbox.assets.get(id)?.bytes?.equals(large)).toBe(true);
	});

	it('hides the signed address from then on', async () => {
		const connection = sandboxConnection(sandbox);
		await upload(picture, { connection });
		const { path } = sandbox.requests[1];
		const secrets = [...new URL(path, 'http://a').searchParams.values()].filter(
			({ length }) => length >= 16,
		);
		expect(secrets.length).toBeGreaterThan(0);
		const clean = connection.redactor.text(`<Resource>${path}</Resource>`);
		expect(clean).toContain('[hidden]');
		for (const secret of secrets) expect(decodeURIComponent(clean)).not.toContain(secret);
	});
});

describe('an upload that fails', () => {
	const storage = { method: 'PUT' };
	const gone = () => expect(sandbox.assets.size).toBe(0);

	it('because its signature is wrong says so, without the signed address', async () => {
		const xml = (path: string) =>
			`<Error><Code>SignatureDoesNotMatch</Code><Message>Not ${path}</Message></Error>`;
		const asked: string[] = [];
		const server = await keep(
			openHttp((request, response) => {
				const { url = '', method, headers } = request;
				asked.push(`${method} ${url}`);
				const uploadUrl = `http://${headers.host}/put/me?X-Amz-Signature=${'ab12'.repeat(8)}`;
				request.resume();
				if (method === 'POST') response.end(JSON.stringify({ assetId: 'a1', uploadUrl }));
				else if (method === 'PUT') response.writeHead(403).end(xml(url));
				else response.writeHead(204).end();
			}),
		);
		const connection = nvidia(server.url);
		const failure = await rejectionOf(upload(picture, { connection }));
		expect(failure.facts).toMatchObject({ kind: 'refused', status: 403 });
		expect(connection.redactor.text(failure.message)).toBe(
			'SignatureDoesNotMatch: Not /put/me?X-Amz-Signature=[hidden] (HTTP 403)',
		);
		expect(asked.at(-1)).toBe('DELETE /assets/a1');
	});

	it.each([
		['the storage host refuses', { match: storage, status: 403, body: '<Error/>' }],
		['the storage host breaks off', { match: storage, reset: 'before' as const }],
	])('because %s deletes what was created', async (_, fault) => {
		sandbox.fault(fault);
		await rejectionOf(upload());
		expect(methods()).toEqual(['api POST', 'storage PUT', 'api DELETE']);
		gone();
	});

	it.each([301, 400, 401, 403, 404])(
		'because the storage answers %d advises on the upload, not on the credential',
		async (status) => {
			sandbox.fault({ match: storage, status, body: '<Error><Message>No</Message></Error>' });
			const { facts, advice, transient } = await rejectionOf(upload());
			expect(facts).toMatchObject({ kind: 'refused', cause: 'asset', status });
			expect(advice).toMatch(/clock.*proxy/);
			expect(transient).toBe(false);
		},
	);

	it('because the storage is busy may be tried again', async () => {
		sandbox.fault({ match: storage, status: 503, headers: { 'retry-after': '3' } });
		const { facts, transient } = await rejectionOf(upload());
		expect(facts).toMatchObject({ kind: 'refused', cause: 'busy', retryAfterMs: 3000 });
		expect(transient).toBe(true);
	});

	it('because its host may not be asked never opens the picture', async () => {
		const open = jest.fn(async () => await Promise.resolve(bytes));
		const api = new URL(sandbox.nvcfUrl).host;
		const egress: EgressFilter = {
			validateUrl: async (url) =>
				new URL(url).host === api ? { ok: true } : { ok: false, error: new Error('blocked') },
			createSecureLookup: () => (_host, _options, callback) => callback(new Error('unused'), ''),
		};
		const run = await network({}, egress);
		const connection = sandboxConnection(sandbox);
		const failure = await rejectionOf(uploadAsset(run, connection, { ...picture, open }, limit()));
		expect(failure.facts).toMatchObject({ kind: 'network', code: 'BLOCKED' });
		expect(open).not.toHaveBeenCalled();
		gone();
	});

	it('because the picture cannot be opened deletes what was created', async () => {
		const open = async () => await Promise.reject(new Error('file is gone'));
		await expect(upload({ ...picture, open })).rejects.toThrow('file is gone');
		expect(methods()).toEqual(['api POST', 'api DELETE']);
		gone();
	});

	it.each([
		['shorter', 1],
		['longer', -1],
	])('because the picture is %s than it said deletes what was created', async (_, wrong) => {
		const open = async () => Readable.from([bytes]);
		const length = bytes.length + wrong;
		await rejectionOf(upload({ ...picture, length, open }, { limit: limit({ timeout: 2 }) }));
		expect(methods().at(-1)).toBe('api DELETE');
		gone();
	});

	it('because the execution was stopped still deletes what was created', async () => {
		const controller = new AbortController();
		sandbox.fault({ match: storage, delayMs: 5000 });
		setTimeout(() => controller.abort(), 200);
		const failure = await rejectionOf(upload(picture, { limit: limit({}, controller.signal) }));
		expect(failure.facts).toEqual({ kind: 'cancelled' });
		expect(methods().at(-1)).toBe('api DELETE');
		gone();
	});
});

describe('creating an asset', () => {
	it('that the server refuses says its words, and there is nothing to delete', async () => {
		const connection = nvidia(sandbox.baseUrl, sandbox.nvcfUrl, 'nvapi-wrong');
		const failure = await rejectionOf(upload(picture, { connection }));
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'refused', cause: 'key', status: 401 },
			transient: false,
		});
		expect(methods()).toEqual(['api POST']);
	});

	it('that is not known there advises the NVCF URL', async () => {
		sandbox.fault({ match: { method: 'POST' }, status: 404, body: '404 page not found' });
		const { facts, advice, transient } = await rejectionOf(upload());
		expect(facts).toMatchObject({ kind: 'refused', cause: 'asset', status: 404 });
		expect(advice).toContain('NVCF URL');
		expect(transient).toBe(false);
	});

	it.each([
		['no JSON', 'hello'],
		['no id', { uploadUrl: 'http://a.example' }],
		['no address', { assetId: 'a' }],
		['an address that is none', { assetId: 'a', uploadUrl: 'here' }],
		['nothing', ''],
		['null', 'null'],
	])('that answers with %s is a broken reply', async (_, body) => {
		sandbox.fault({ match: { method: 'POST' }, status: 200, body });
		expect(partsOf(await rejectionOf(upload()))).toMatchObject({
			facts: { kind: 'brokenReply' },
			message: 'The asset API returned no asset ID and upload address',
			transient: true,
		});
	});

	it('whose answer is lost is found by its description and deleted', async () => {
		await upload();
		sandbox.fault({ match: { method: 'POST' }, headers: { 'x-lost': '1' }, reset: 0 });
		await rejectionOf(upload());
		expect(methods().slice(2)).toEqual(expect.arrayContaining(['api GET', 'api DELETE']));
		expect(sandbox.assets.size).toBe(1);
		expect([...sandbox.assets.values()][0].uploaded).toBe(true);
	});
});
