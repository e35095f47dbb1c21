import { startSandbox, type Sandbox } from '../../sandbox';
import { uploadAsset } from '../../nodes/Gemma/transport/assets';
import { deleteAsset } from '../../nodes/Gemma/transport/assetDeletion';
import { closedPort } from '../support/servers';
import { nvidia, sandboxConnection, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await keep(startSandbox());
});

/** Uploads an asset and gives what is needed to delete it. */
async function uploaded() {
	const run = await network();
	const content = {
		mediaType: 'image/png' as const,
		length: 1,
		open: async () => Buffer.from('x'),
	};
	const id = await uploadAsset(run, sandboxConnection(sandbox), content, limit());
	return { id, remove: async () => await deleteAsset(run, sandboxConnection(sandbox), id) };
}

const deletions = () => sandbox.requests.filter(({ method }) => method === 'DELETE');

describe('deleting an asset', () => {
	it('takes it away, with the key', async () => {
		const { remove, id } = await uploaded();
		expect(await remove()).toBe(true);
		expect(sandbox.assets.size).toBe(0);
		expect(deletions()).toHaveLength(1);
		expect(deletions()[0].path).toMatch(new RegExp(`/assets/${id}$`));
		expect(deletions()[0].headers.authorization).toBe(`Bearer ${sandbox.apiKey}`);
	});

	it('that is gone already is fine', async () => {
		const { remove } = await uploaded();
		expect(await remove()).toBe(true);
		expect(await remove()).toBe(true);
		expect(deletions().map(({ status }) => status)).toEqual([204, 404]);
	});

	it.each([
		['a refusal', { match: { method: 'DELETE' }, status: 500 }],
		['a reset', { match: { method: 'DELETE' }, reset: 'before' as const }],
	])('is tried once more after %s', async (_, fault) => {
		const { remove } = await uploaded();
		sandbox.fault(fault);
		expect(await remove()).toBe(true);
		expect(deletions()).toHaveLength(2);
		expect(sandbox.assets.size).toBe(0);
	});

	it('that fails twice tells so and throws nothing', async () => {
		const { remove } = await uploaded();
		sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: 9 });
		expect(await remove()).toBe(false);
		expect(deletions()).toHaveLength(2);
	});

	it('on a server that is down tells so and throws nothing', async () => {
		const connection = nvidia(await closedPort());
		expect(await deleteAsset(await network(), connection, 'x')).toBe(false);
	});

	it('keeps to its path whatever the id holds', async () => {
		const run = await network();
		await deleteAsset(run, sandboxConnection(sandbox), '../v1/models?x=1');
		expect(deletions()[0].path).toBe('/v2/nvcf/assets/..%2Fv1%2Fmodels%3Fx%3D1');
	});
});
