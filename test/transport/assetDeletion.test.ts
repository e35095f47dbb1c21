import { setImmediate as turn } from 'node:timers/promises';
import { startSandbox, type Sandbox } from '../../sandbox';
import { uploadAsset } from '../../nodes/Gemma/transport/assets';
import { deleteAsset, deleteAssets } from '../../nodes/Gemma/transport/assetDeletion';
import { closedPort, openHttp } from '../support/servers';
import { nvidia, sandboxConnection, useTransport } from '../support/transport';
import { until } from '../support/until';

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

describe('deleting many assets', () => {
	const ids = Array.from({ length: 30 }, (_, index) => `a${index}`);

	it('takes eight at a time, each once', async () => {
		let open = 0;
		let most = 0;
		const asked: string[] = [];
		const server = await keep(
			openHttp((request, response) => {
				asked.push(request.url ?? '');
				most = Math.max(most, ++open);
				setTimeout(() => {
					open--;
					response.writeHead(204).end();
				}, 20);
			}),
		);
		expect(await deleteAssets(await network(), nvidia(server.url), ids)).toEqual([]);
		expect(most).toBe(8);
		expect(asked.sort()).toEqual(ids.map((id) => `/assets/${id}`).sort());
	});

	it('counts those that are left, tries them once more after 200 ms, and does all others', async () => {
		const asked = new Map<string, number[]>();
		const server = await keep(
			openHttp(({ url = '' }, response) => {
				asked.set(url, [...(asked.get(url) ?? []), performance.now()]);
				response.writeHead(/[37]$/.test(url) ? 500 : 204).end();
			}),
		);
		const left = await deleteAssets(await network(), nvidia(server.url), ids);
		expect(left.sort()).toEqual(ids.filter((id) => /[37]$/.test(id)).sort());
		expect(asked.size).toBe(30);
		const tries = [...asked.values()].filter(({ length }) => length === 2);
		expect(tries).toHaveLength(6);
		for (const [first, second] of tries) expect(second - first).toBeGreaterThanOrEqual(195);
	});

	it('of none asks nobody', async () => {
		expect(await deleteAssets(await network(), nvidia(await closedPort()), [])).toEqual([]);
	});

	it('ends after 10 seconds and a tenth for each, however many are left', async () => {
		let asked = 0;
		const server = await keep(openHttp(() => void asked++));
		const run = await network();
		// Only the limit's own timer: the sockets' and the pauses' stay real.
		jest.useFakeTimers({
			doNotFake: [
				'nextTick',
				'setImmediate',
				'queueMicrotask',
				'performance',
				'Date',
				'setInterval',
			],
		});
		try {
			const many = Array.from({ length: 200 }, (_, index) => `a${index}`);
			const running = deleteAssets(run, nvidia(server.url), many);
			await until('eight are asked', () => asked === 8);
			const endedAt = performance.now();
			let over = false;
			void running.then(() => (over = true));
			jest.advanceTimersByTime(29_900);
			await turn();
			expect(over).toBe(false);
			jest.advanceTimersByTime(200);
			expect(await running).toHaveLength(200);
			expect(performance.now() - endedAt).toBeLessThan(1500);
			expect(asked).toBe(8);
		} finally {
			jest.useRealTimers();
		}
	});
});
