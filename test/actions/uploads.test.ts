import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Uploads } from '../../nodes/Gemma/actions/uploads';
import { inMemory, type Picture } from '../../nodes/Gemma/images/picture';
import { startSandbox, type Sandbox } from '../../sandbox';
import { rejectionOf } from '../support/failure';
import { sandboxConnection, useTransport } from '../support/transport';
import { until } from '../support/until';

const { keep, network, limit } = useTransport();

let sandbox: Sandbox;
let uploads: Uploads;
beforeEach(async () => {
	sandbox = await keep(startSandbox());
	uploads = new Uploads(await network(), sandboxConnection(sandbox));
});

const picture = (text: string, mediaType: Picture['mediaType'] = 'image/png') =>
	inMemory(mediaType, Buffer.from(text));
const idOf = async (text: string, within = limit(), maxRetries = 0) =>
	await uploads.idOf(picture(text), maxRetries, within);
const count = (method: string) =>
	sandbox.requests.filter((request) => request.method === method).length;
const PUT = { match: { method: 'PUT' } };

describe('the same picture', () => {
	it('is uploaded once, though several items ask at the same time', async () => {
		const ids = await Promise.all(['a', 'a', 'b', 'a'].map(async (text) => await idOf(text)));
		expect(ids[1]).toBe(ids[0]);
		expect(ids[3]).toBe(ids[0]);
		expect(ids[2]).not.toBe(ids[0]);
		expect([count('POST'), count('PUT')]).toEqual([2, 2]);
		expect(await idOf('a')).toBe(ids[0]);
		expect(count('PUT')).toBe(2);
	});

	it('of another type is another asset: the type is signed into it', async () => {
		const png = await uploads.idOf(picture('a'), 0, limit());
		const jpeg = await uploads.idOf(picture('a', 'image/jpeg'), 0, limit());
		expect(jpeg).not.toBe(png);
		expect(sandbox.assets.get(jpeg)?.contentType).toBe('image/jpeg');
	});
});

describe('an upload that failed', () => {
	it('fails all who waited for it, once', async () => {
		sandbox.fault({ ...PUT, status: 403, body: '<Error/>' });
		const failures = await Promise.all(
			['a', 'a', 'a'].map(async (text) => rejectionOf(idOf(text))),
		);
		expect(failures.map(({ facts }) => facts)).toEqual(
			failures.map(() => expect.objectContaining({ kind: 'refused', status: 403 }) as unknown),
		);
		expect(count('PUT')).toBe(1);
		expect(sandbox.assets.size).toBe(0);
	});

	it('is tried anew by the next item', async () => {
		sandbox.fault({ ...PUT, status: 403, body: '<Error/>' });
		await rejectionOf(idOf('a'));
		const id = await idOf('a');
		expect(sandbox.assets.get(id)?.uploaded).toBe(true);
		expect(count('PUT')).toBe(2);
	});

	it('is retried when it may pass, with an asset of its own', async () => {
		sandbox.fault({ ...PUT, status: 503, headers: { 'Retry-After': '0.1' } });
		const id = await idOf('a', limit(), 1);
		expect([count('POST'), count('PUT'), count('DELETE')]).toEqual([2, 2, 1]);
		expect([...sandbox.assets.keys()]).toEqual([id]);
	});
});

describe('an item that waits for another’s upload', () => {
	it('ends at its own time limit, and the other goes on', async () => {
		sandbox.fault({ ...PUT, delayMs: 800 });
		const patient = idOf('a');
		const hasty = idOf('a', limit({ timeout: 0.2 }));
		expect((await rejectionOf(hasty)).facts).toMatchObject({ kind: 'timeLimit', seconds: 0.2 });
		expect(sandbox.assets.has(await patient)).toBe(true);
		expect(count('POST')).toBe(1);
	});

	it('ends with its own stop', async () => {
		const controller = new AbortController();
		sandbox.fault({ ...PUT, delayMs: 800 });
		const patient = idOf('a');
		const stopped = rejectionOf(idOf('a', limit({}, controller.signal)));
		await until('it is being uploaded', () => count('PUT') === 1);
		controller.abort();
		expect((await stopped).facts).toEqual({ kind: 'cancelled' });
		expect(sandbox.assets.has(await patient)).toBe(true);
	});

	it.each([
		['time limit', 'timeLimit'],
		['stop', 'cancelled'],
	])('is not failed by the other’s %s: it uploads the picture itself', async (_, kind) => {
		const controller = new AbortController();
		sandbox.fault({ ...PUT, delayMs: 5000 });
		const other = kind === 'cancelled' ? limit({}, controller.signal) : limit({ timeout: 0.3 });
		const first = rejectionOf(idOf('a', other));
		const waiting = [idOf('a'), idOf('a')];
		await until('it is being uploaded', () => count('PUT') === 1);
		controller.abort();
		expect((await first).facts.kind).toBe(kind);
		const [id, same] = await Promise.all(waiting);
		expect(same).toBe(id);
		expect([...sandbox.assets.keys()]).toEqual([id]);
		expect(count('PUT')).toBe(2);
	});

	it('and is over already asks for nothing', async () => {
		const over = limit({}, AbortSignal.abort());
		expect((await rejectionOf(idOf('a', over))).facts).toEqual({ kind: 'cancelled' });
		expect(sandbox.requests).toEqual([]);
	});

	it('leaves no listener on its signal', async () => {
		const own = limit();
		const listeners = () => getEventListeners(own.signal, 'abort').length;
		sandbox.fault({ ...PUT, delayMs: 100 });
		const first = idOf('a');
		const waiting = idOf('a', own);
		await sleep(20);
		expect(listeners()).toBe(1);
		await Promise.all([first, waiting]);
		expect(listeners()).toBe(0);
	});
});

describe('at the end', () => {
	it('everything is deleted, and nothing is left', async () => {
		await Promise.all(['a', 'b', 'c'].map(async (text) => await idOf(text)));
		expect(await uploads.deleteAll()).toBe(0);
		expect(sandbox.assets.size).toBe(0);
		expect(await uploads.deleteAll()).toBe(0);
		expect(count('DELETE')).toBe(3);
	});

	it('what could not be deleted is counted', async () => {
		await Promise.all(['a', 'b', 'c'].map(async (text) => await idOf(text)));
		// Each deletion has two tries.
		sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: 4 });
		const left = await uploads.deleteAll();
		expect(left).toBeGreaterThan(0);
		expect(left).toBe(sandbox.assets.size);
	});

	it('so is what a failed upload has left behind', async () => {
		sandbox.fault({ ...PUT, status: 403, body: '<Error/>' });
		sandbox.fault({ match: { method: 'DELETE' }, status: 500, times: 2 });
		await rejectionOf(idOf('a'));
		await idOf('b');
		expect(await uploads.deleteAll()).toBe(1);
		expect(sandbox.assets.size).toBe(1);
	});

	it('an upload that failed is nothing to delete', async () => {
		sandbox.fault({ ...PUT, status: 403, body: '<Error/>' });
		await rejectionOf(idOf('a'));
		await idOf('b');
		expect(await uploads.deleteAll()).toBe(0);
		expect(sandbox.assets.size).toBe(0);
	});
});
