import { setTimeout } from 'node:timers/promises';
import type { INodeParameters } from 'n8n-workflow';

import { startSandbox } from '../../sandbox';
import {
	analyze,
	everythingOf,
	items,
	message,
	openGemma,
	type GemmaBench,
	type GemmaRunOptions,
} from '../support/gemmaWorkflow';
import { pdf, solid } from '../support/pictures';
import { until } from '../support/until';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const WRONG = 'nvapi-of-nobody-at-all';
const HOUR_MS = 3_600_000;
const ASSETS = '/v2/nvcf/assets';
const CONTINUE = { onError: 'continueRegularOutput' } as const;

let gemma: GemmaBench;
let red: Buffer;
beforeAll(async () => {
	gemma = await openGemma({ sandbox: { keepBodies: true } });
	red = await solid('png', 40, 30, '#ff0000');
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const asset = (operation: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'asset',
	operation,
	...more,
});
const upload = async (count = 1, rest: GemmaRunOptions = {}) => {
	const item = await gemma.item({ 'data.png': red });
	return await gemma.run(asset('upload'), { input: Array(count).fill(item), ...rest });
};
const ids = () => [...gemma.sandbox.assets.keys()];
const logged = (line: string) => gemma.log().filter((entry) => entry === line).length;

describe('uploads of a run that fails', () => {
	it('are taken back, for their ids are lost with it', async () => {
		const good = await gemma.item({ 'data.png': red });
		gemma.sandbox.fault({
			match: { method: 'PUT', nth: 3 },
			status: 403,
			body: '<Error/>',
			delayMs: 200,
		});
		const run = await gemma.run(asset('upload'), { input: [good, good, good] });
		expect(run.error?.message).toMatch(/HTTP 403/);
		expect(logged('PUT /uploads/{id} 200')).toBe(2);
		expect(logged('DELETE /v2/nvcf/assets/{id} 204')).toBe(3);
		expect(ids()).toEqual([]);
	});

	it('are taken back when the execution is stopped', async () => {
		gemma.sandbox.fault({ match: { method: 'PUT', nth: 2 }, delayMs: 5000 });
		const controller = new AbortController();
		const running = upload(2, { signal: controller.signal });
		await until('both are put', () => logged('PUT /uploads/{id} 200') === 2);
		// The second hears of it only later; the first has its item by then.
		await setTimeout(100);
		controller.abort();
		expect((await running).status).toBe('canceled');
		await until('none is left', () => ids().length === 0);
	});

	it('stay where the run goes on, and have their items', async () => {
		const good = await gemma.item({ 'data.png': red });
		const bad = await gemma.item({ 'data.pdf': pdf() });
		const run = await gemma.run(asset('upload'), { input: [good, bad, good], node: CONTINUE });
		expect(ids()).toHaveLength(2);
		expect(run.json.map(({ assetId }) => assetId)).toEqual([
			expect.any(String),
			undefined,
			expect.any(String),
		]);
		expect(run.json[1].error).toMatch(/PDF/);
	});

	it('leave nothing to read of the address that they went to', async () => {
		const body = '<Error><Message>No X-Amz-Signature=is good</Message></Error>';
		gemma.sandbox.fault({ match: { method: 'PUT' }, status: 403, body });
		const run = await upload(1, { node: CONTINUE });
		const [{ path }] = gemma.sandbox.requests.filter(({ host }) => host === 'storage');
		const signature = new URLSearchParams(path.split('?')[1]).get('X-Amz-Signature')!;
		expect(signature).toHaveLength(64);
		expect(run.json[0].error).toMatch(/HTTP 403/);
		expect(run.json[0].description).toContain('clock');
		expect(run.json[0].description).not.toContain('Image Transfer');
		expect(everythingOf(run)).not.toContain(signature);
		expect(ids()).toEqual([]);
	});
});

describe('what goes wrong with assets is told with what helps', () => {
	it('one that is not there', async () => {
		const run = await gemma.run(asset('delete', { assetId: UNKNOWN }));
		expect(run.error?.description).toMatch(/24 hours/);
		expect(run.error?.description).not.toContain('Image Transfer');
	});

	it.each(['upload', 'getAll', 'delete'])(
		'no asset API at the address, for %s',
		async (operation) => {
			gemma.sandbox.fault({
				match: { path: ASSETS },
				status: 404,
				body: '404 page not found',
				times: Infinity,
			});
			const input = [await gemma.item({ 'data.png': red })];
			const run = await gemma.run(asset(operation, { assetId: UNKNOWN }), { input });
			expect(run.error?.message).toBe('404 page not found (HTTP 404)');
			expect(run.error?.description).toContain('NVCF URL');
			expect(run.error?.description).not.toMatch(/Image Transfer|Base URL/);
		},
	);

	it('a wrong key', async () => {
		const run = await gemma.run(asset('getAll'), { credential: { apiKey: WRONG } });
		expect(run.error?.message).toMatch(/HTTP 40[13]/);
		expect(run.error?.description).toContain('credential');
		expect(everythingOf(run)).not.toContain(WRONG);
	});
});

describe('Delete Asset', () => {
	it('takes what is gone at the second try for deleted: the first answer was lost', async () => {
		await upload();
		const [id] = ids();
		gemma.sandbox.fault({ match: { method: 'DELETE' }, status: 503 });
		gemma.sandbox.fault({
			match: { method: 'DELETE' },
			status: 404,
			body: { status: 404, title: 'Not Found', detail: `Asset '${id}' does not exist` },
		});
		const run = await gemma.run(asset('delete', { assetId: id }));
		expect(run.error).toBeUndefined();
		expect(run.json[0].deleted).toBe(1);
	});

	it('refuses several ids in the field for one', async () => {
		const run = await gemma.run(asset('delete', { assetId: `${UNKNOWN},${UNKNOWN}` }));
		expect(run.error?.message).toMatch(/^Asset ID holds 2 IDs/);
		expect(gemma.log()).toEqual([]);
	});

	it('counts by age from the hour on, and says how many have no date', async () => {
		for (let i = 0; i < 3; i++) await upload();
		const [exactly, younger] = gemma.sandbox.assets.values();
		exactly.createdAt -= HOUR_MS;
		younger.createdAt -= HOUR_MS - 60_000;
		const listed = ids().map((assetId) => ({ assetId, description: 'x' }));
		gemma.sandbox.fault({ match: { path: ASSETS, method: 'GET' }, body: { assets: listed } });
		gemma.sandbox.fault({
			match: { path: `${ASSETS}/${ids()[2]}`, method: 'GET' },
			body: { asset: { assetId: ids()[2] } },
		});
		const [old] = ids();
		const run = await gemma.run(asset('delete', { deleteBy: 'age' }));
		expect(run.json).toEqual([{ deleted: 1, assetIds: [old] }]);
		expect(run.hints).toEqual([expect.stringMatching(/1 asset.* age/)]);
	});

	it.each(['soon', -1, ''])('refuses an age of %p', async (olderThanHours) => {
		const parameters = asset('delete', { deleteBy: 'age', olderThanHours });
		const run = await gemma.run(parameters);
		expect(run.error?.message).toMatch(/^Older Than \(Hours\) holds/);
		expect(gemma.log()).toEqual([]);
	});

	it('finds nothing to delete without a failure', async () => {
		const run = await gemma.run(asset('delete', { deleteBy: 'age' }));
		expect(run.json).toEqual([{ deleted: 0, assetIds: [] }]);
	});
});

describe('pictures that are up already', () => {
	const about = (assetIds: unknown, more: INodeParameters = {}) =>
		analyze({ imageInput: 'asset', assetIds: assetIds as string, ...more });

	it('are given as an array by expression, blanks around them trimmed', async () => {
		await upload(2);
		const [first, second] = ids();
		const input = items({ ids: [` ${first}`, second] });
		const run = await gemma.run(about('={{ $json.ids }}'), { input });
		expect(gemma.chats()[0].headers['nvcf-input-asset-references']).toBe(`${first},${second}`);
		expect(run.json[0].text).toContain('Picture 2');
	});

	it('that the model did not see are told with what helps', async () => {
		await upload();
		gemma.sandbox.settings.ignoresAssets = true;
		const run = await gemma.run(about(ids()[0]));
		expect(run.hints[0]).toMatch(/did not see the picture.*Image Input/);
		expect(run.hints[0]).not.toContain('Image Transfer');
	});

	it('that the chat server cannot resolve are told with what helps, and asked about once', async () => {
		await upload();
		const detail = `Asset '${ids()[0]}' does not exist for account 'x'`;
		const body = { status: 404, title: 'Not Found', detail };
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, status: 404, body, times: Infinity });
		const run = await gemma.run(about(ids()[0]));
		expect(run.error?.message).toBe(`${detail} (HTTP 404)`);
		expect(run.error?.description).toMatch(/Image Input/);
		expect(run.error?.description).not.toContain('Image Transfer');
		expect(gemma.chats()).toHaveLength(1);
	});

	it('that do not exist are told with what helps', async () => {
		const run = await gemma.run(about(UNKNOWN));
		expect(run.error?.description).toMatch(/24 hours/);
		expect(run.error?.description).not.toContain('Image Transfer');
	});

	it('that are no pictures are refused by their type', async () => {
		gemma.sandbox.fault({
			match: { path: `${ASSETS}/${UNKNOWN}` },
			body: { asset: { assetId: UNKNOWN, contentType: 'application/pdf' } },
		});
		const run = await gemma.run(about(UNKNOWN));
		expect(run.error?.message).toMatch(/its type is "application\/pdf"/);
		expect(gemma.chats()).toEqual([]);
	});

	it('are refused on another server, before anything is sent', async () => {
		const credential = { server: 'openAiCompatible' };
		const run = await gemma.run(about(UNKNOWN), { credential });
		expect(run.error?.message).toMatch(/NVIDIA's hosted API only/);
		expect(gemma.log()).toEqual([]);
	});

	it('ten go, which is the most', async () => {
		await upload(10);
		const run = await gemma.run(about(ids().join(', ')));
		expect(run.json[0].text).toContain('Picture 10');
	});

	it('are counted in what the run has cost', async () => {
		await upload();
		const [id] = ids();
		const run = await gemma.run(about(id), { input: items({}, {}) });
		expect(run.totals[0]).toContain('2 pictures by asset');
	});

	it('of all items are numbered in one request', async () => {
		await upload(2);
		const [first, second] = ids();
		const input = items({ id: first }, { id: second });
		const run = await gemma.run(about('={{ $json.id }}', { scope: 'all' }), { input });
		expect(gemma.bodies()[0].messages[0].content).toBe(
			`Picture 1 of 2:\n<img src="data:image/png;asset_id,${first}" />\nPicture 2 of 2:\n<img src="data:image/png;asset_id,${second}" />\nWhat is this?`,
		);
		expect(run.items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }]);
	});

	it('name the item that gives none, where all are asked about together', async () => {
		const input = items({ id: UNKNOWN }, { id: '' });
		const run = await gemma.run(about('={{ $json.id }}', { scope: 'all' }), { input });
		expect(run.error?.message).toMatch(/^Asset ID\(s\) is empty \[item 1; /);
		expect(gemma.log()).toEqual([]);
	});

	it('do not stand in the way of a message without pictures', async () => {
		const run = await gemma.run(message('Hello', { imageInput: 'asset', assetIds: '' }));
		expect(run.error).toBeUndefined();
	});
});

it('an image input that does not exist is refused with those that do', async () => {
	const run = await gemma.run(analyze({ imageInput: '={{ "pigeon" }}' }));
	expect(run.error?.description).toContain('asset');
});

it('assets of another account are not this one’s', async () => {
	const other = await startSandbox();
	await upload();
	const { apiKey, baseUrl, nvcfUrl } = other;
	const run = await gemma.run(asset('getAll'), { credential: { apiKey, baseUrl, nvcfUrl } });
	await other.close();
	expect(run.json).toEqual([]);
});
