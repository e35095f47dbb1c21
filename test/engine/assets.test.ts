import type { INodeParameters } from 'n8n-workflow';

import { analyze, items, message, openGemma, type GemmaBench } from '../support/gemmaWorkflow';
import { manyPages, pdf, photo, solid } from '../support/pictures';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const HOUR_MS = 3_600_000;

let gemma: GemmaBench;
let red: Buffer;
let green: Buffer;
beforeAll(async () => {
	gemma = await openGemma({ sandbox: { keepBodies: true } });
	red = await solid('png', 40, 30, '#ff0000');
	green = await solid('jpeg', 40, 30, '#00ff00');
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const asset = (operation: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'asset',
	operation,
	...more,
});
const upload = async (files: Record<string, Buffer>, more: INodeParameters = {}) =>
	await gemma.run(asset('upload', more), { input: [await gemma.item(files)] });
const ids = () => [...gemma.sandbox.assets.keys()];

describe('Upload Asset', () => {
	it('gives the id, the type and the size, and leaves the asset where it is', async () => {
		const run = await upload({ 'data.png': red });
		const [[id, stored]] = gemma.sandbox.assets;
		expect(run.json).toEqual([
			{ assetId: id, contentType: 'image/png', bytes: stored.bytes?.length },
		]);
		expect(run.items[0].pairedItem).toEqual({ item: 0 });
	});

	it('scales a large picture as the model sees it', async () => {
		const large = await photo({ width: 3000, height: 2000 });
		const run = await upload({ 'data.jpg': large });
		expect(Number(run.json[0].bytes)).toBeLessThan(large.length / 4);
	});

	it('hints at the pages that it leaves out', async () => {
		const { hints, json } = await upload({ 'data.tif': await manyPages(2) });
		expect(json).toHaveLength(1);
		expect(hints).toEqual([expect.stringMatching(/TIFF picture of 2 pages; only the first/)]);
	});

	it('makes an asset of each field that is named', async () => {
		const run = await upload(
			{ 'front.png': red, 'back.jpg': green },
			{ binaryPropertyName: 'front, back' },
		);
		expect(run.json.map(({ contentType }) => contentType)).toEqual(['image/png', 'image/jpeg']);
		expect(run.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
	});

	it('describes it in letters that a header can hold', async () => {
		await upload({ 'data.png': red }, { description: 'Größe 🙂 1' });
		const [{ description }] = gemma.sandbox.assets.values();
		expect(description).toMatch(/^Gr__e __ 1 [\da-f-]{36}$/);
	});

	it('takes back what is up when a later picture cannot be uploaded', async () => {
		const run = await upload(
			{ 'front.png': red, 'back.pdf': pdf() },
			{ binaryPropertyName: 'front, back' },
		);
		expect(run.error?.message).toMatch(/PDF/);
		expect(ids()).toEqual([]);
		expect(run.hints).toEqual([]);
	});

	it('says so when what is up cannot be taken back', async () => {
		gemma.sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: 2 });
		const run = await gemma.run(asset('upload', { binaryPropertyName: 'front, back' }), {
			input: [await gemma.item({ 'front.png': red, 'back.pdf': pdf() })],
			node: { onError: 'continueRegularOutput' },
		});
		expect(ids()).toHaveLength(1);
		expect(run.hints).toEqual([expect.stringMatching(/may have left an asset/)]);
	});
});

describe('Get Many', () => {
	it('gives an item for each asset, as many as wanted', async () => {
		for (let i = 0; i < 3; i++) await upload({ 'data.png': red }, { description: `No ${i}` });
		const all = await gemma.run(asset('getAll', { returnAll: true }));
		expect(all.json.map(({ assetId }) => assetId)).toEqual(ids());
		expect(all.json[0]).toEqual({
			assetId: ids()[0],
			contentType: 'image/png',
			description: expect.stringMatching(/^No 0/),
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
		});
		const two = await gemma.run(asset('getAll', { limit: 2 }));
		expect(two.json).toEqual(all.json.slice(0, 2));
		expect(two.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 0 }]);
	});

	it('asks for each where the list holds ids alone, and passes over one that has gone since', async () => {
		await upload({ 'data.png': red });
		const [id] = ids();
		gemma.sandbox.fault({
			match: { path: '/v2/nvcf/assets', method: 'GET' },
			status: 200,
			body: { assets: [{ assetId: id }, { assetId: UNKNOWN }] },
		});
		const run = await gemma.run(asset('getAll'));
		expect(run.json).toEqual([
			expect.objectContaining({ assetId: id, contentType: 'image/png' }),
			{ assetId: UNKNOWN },
		]);
	});

	it('ends with a failure once all that it has asked are answered', async () => {
		await upload({ 'data.png': red });
		const [id] = ids();
		const path = '/v2/nvcf/assets';
		gemma.sandbox.fault(
			{
				match: { path, method: 'GET' },
				status: 200,
				body: { assets: [{ assetId: UNKNOWN }, { assetId: id }] },
			},
			{ match: { path: `${path}/${UNKNOWN}` }, status: 403, body: 'Not yours' },
			{ match: { path: `${path}/${id}` }, delayMs: 300 },
		);
		const run = await gemma.run(asset('getAll'));
		expect(run.error?.message).toMatch(/Not yours/);
		expect(gemma.sandbox.requests.map(({ status }) => status)).not.toContain(undefined);
	});

	it('refuses a limit that is none', async () => {
		const run = await gemma.run(asset('getAll', { limit: 0 }));
		expect(run.error?.message).toMatch(/^Limit holds "0"/);
		expect(gemma.log()).toEqual([]);
	});
});

describe('Delete Asset', () => {
	it('deletes the one that is named', async () => {
		await upload({ 'data.png': red });
		await upload({ 'data.png': green });
		const [first, second] = ids();
		const run = await gemma.run(asset('delete', { assetId: ` ${first} ` }));
		expect(run.json).toEqual([{ deleted: 1, assetIds: [first] }]);
		expect(ids()).toEqual([second]);
	});

	it('says so when there is none of that id', async () => {
		const run = await gemma.run(asset('delete', { assetId: UNKNOWN }));
		expect(run.error?.message).toMatch(/does not exist for account/);
		expect(run.error?.httpCode).toBe('404');
	});

	it.each(['', 'nonsense', '../models'])('asks nobody about %p', async (assetId) => {
		const run = await gemma.run(asset('delete', { assetId }));
		expect(run.error?.message).toMatch(/^Asset ID /);
		expect(gemma.log()).toEqual([]);
	});

	it('deletes what is older than some hours, and nothing younger', async () => {
		for (let i = 0; i < 3; i++) await upload({ 'data.png': red });
		const [old, older, young] = gemma.sandbox.assets.values();
		old.createdAt -= 3 * HOUR_MS;
		older.createdAt -= 5 * HOUR_MS;
		const before = ids();
		const parameters = asset('delete', { deleteBy: 'age', olderThanHours: 2 });
		const run = await gemma.run(parameters);
		expect(run.json).toEqual([{ deleted: 2, assetIds: before.slice(0, 2) }]);
		expect([...gemma.sandbox.assets.values()]).toEqual([young]);
	});

	it('names those that the server would not delete', async () => {
		await upload({ 'data.png': red });
		const [id] = ids();
		gemma.sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: Infinity });
		const run = await gemma.run(asset('delete', { deleteBy: 'age', olderThanHours: 0 }));
		expect(run.json).toEqual([{ deleted: 0, assetIds: [], notDeleted: [id] }]);
	});
});

it('a server without assets is asked nothing', async () => {
	const credential = { server: 'openAiCompatible' };
	for (const operation of ['getAll', 'upload']) {
		const input = [await gemma.item({ 'data.png': red })];
		const run = await gemma.run(asset(operation), { input, credential });
		expect(run.error?.message).toMatch(/assets exist on NVIDIA's hosted API only/);
	}
	expect(gemma.log()).toEqual([]);
});

describe('pictures that are up already', () => {
	const about = (assetIds: unknown) =>
		analyze({ imageInput: 'asset', assetIds: assetIds as string });

	it('are seen in as many prompts as one likes, are asked about once, and stay', async () => {
		await upload({ 'data.png': red });
		const [id] = ids();
		const input = items({ id }, { id: `${id}, ${id}` }, { id });
		const run = await gemma.run(about('={{ $json.id }}'), { input });
		expect(run.json.map(({ text }) => text)).toEqual(
			input.map(() => expect.stringContaining('mainly red') as unknown),
		);
		expect(run.hints).toEqual([]);
		expect(ids()).toEqual([id]);
		expect(gemma.log().filter((line) => line.startsWith('GET /v2/nvcf/assets/'))).toHaveLength(1);
		expect(gemma.log().filter((line) => line.startsWith('PUT'))).toHaveLength(1);
	});

	it('go with a message, in the order given', async () => {
		await upload({ 'data.png': red });
		await upload({ 'data.jpg': green });
		const [first, second] = ids();
		const parameters = { addImages: true, imageInput: 'asset', assetIds: `${second},${first}` };
		await gemma.run(message('What are these?', parameters));
		const [{ messages }] = gemma.bodies();
		expect(messages[0].content).toBe(
			`<img src="data:image/jpeg;asset_id,${second}" /> <img src="data:image/png;asset_id,${first}" />\nWhat are these?`,
		);
	});

	it('that do not exist are told before the model is asked', async () => {
		const run = await gemma.run(about(UNKNOWN));
		expect(run.error?.message).toMatch(/does not exist/);
		expect(gemma.chats()).toEqual([]);
	});

	it('that the model did not see are told, for there is nothing to send inline', async () => {
		await upload({ 'data.png': red });
		gemma.sandbox.settings.ignoresAssets = true;
		const run = await gemma.run(about(ids()[0]));
		expect(run.error).toBeUndefined();
		expect(run.hints).toEqual([expect.stringMatching(/not seen|did not see/)]);
		expect(gemma.chats()).toHaveLength(1);
	});

	it.each([
		['', /^Asset ID\(s\) is empty/],
		['x"><img src="y', /^Asset ID\(s\) holds "x"/],
		[Array(11).fill(UNKNOWN).join(), /holds 11 IDs.* at most 10/],
	])('are refused as %p', async (given, says) => {
		const run = await gemma.run(about(given));
		expect(run.error?.message).toMatch(says);
		expect(gemma.log()).toEqual([]);
	});
});
