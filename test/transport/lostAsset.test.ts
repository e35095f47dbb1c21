import type { IncomingMessage, ServerResponse } from 'node:http';
import { startSandbox, type Fault, type Sandbox } from '../../sandbox';
import { uploadAsset } from '../../nodes/Gemma/transport/assets';
import type { TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { rejectionOf } from '../support/failure';
import { closedPort, openHttp } from '../support/servers';
import { nvidia, sandboxConnection, useTransport } from '../support/transport';
import { until } from '../support/until';

const { keep, network, limit } = useTransport();

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await keep(startSandbox());
});

const bytes = Buffer.from('x');
const picture = { mediaType: 'image/png' as const, length: 1, open: async () => bytes };
const upload = async (connection = sandboxConnection(sandbox), within: TimeLimit = limit()) =>
	await uploadAsset(await network(), connection, picture, within);

const CREATE = { match: { method: 'POST' } };
/** The asset is created, and its answer does not come. */
const lost: Fault = { ...CREATE, headers: { 'x-lost': '1' }, reset: 0 };
const methods = () => sandbox.requests.map(({ method }) => method);

describe('an asset whose creation was never confirmed', () => {
	it('is found by its description and deleted, and no other', async () => {
		const others = [await upload(), await upload()];
		sandbox.requests.length = 0;
		sandbox.fault(lost);
		expect((await rejectionOf(upload())).transient).toBe(true);
		expect(methods()).toEqual(['POST', 'GET', 'DELETE']);
		expect([...sandbox.assets.keys()]).toEqual(others);
	});

	it('is looked for with the key', async () => {
		sandbox.fault(lost);
		await rejectionOf(upload());
		const [, list] = sandbox.requests;
		expect(list.headers.authorization).toBe(`Bearer ${sandbox.apiKey}`);
	});

	it.each<[what: string, fault: Fault]>([
		['was cut off', { ...CREATE, cutAfterBytes: 20 }],
		['fell silent', { ...CREATE, stallAfterBytes: 20 }],
	])('is deleted when the answer %s, too', async (_, fault) => {
		sandbox.fault(fault);
		await rejectionOf(upload(undefined, limit({ timeout: 1, idle: 0.3 })));
		expect(methods()).toEqual(['POST', 'GET', 'DELETE']);
		expect(sandbox.assets.size).toBe(0);
	});

	it('is deleted when the answer came too late, or the execution was stopped', async () => {
		const controller = new AbortController();
		sandbox.fault({ ...CREATE, delayMs: 5000 });
		const running = upload(undefined, limit({}, controller.signal));
		running.catch(() => {});
		await until('it is created', () => sandbox.assets.size === 1);
		controller.abort();
		expect((await rejectionOf(running)).facts).toEqual({ kind: 'cancelled' });
		expect(sandbox.assets.size).toBe(0);
	});

	it.each([500, 502, 503, 504])(
		'is deleted when a gateway answered %d in place of the API',
		async (status) => {
			const { asked, descriptions, connection } = await serverWithBareList((response) =>
				response.writeHead(status).end(),
			);
			expect((await rejectionOf(upload(connection))).facts).toMatchObject({ status });
			expect([...descriptions.keys()]).toEqual(['other']);
			expect(asked.at(-1)).toBe('DELETE /assets/mine');
		},
	);

	it('is told of when it was found and could not be deleted', async () => {
		sandbox.fault(lost, { match: { method: 'DELETE' }, status: 500, times: 9 });
		const onLeft = jest.fn();
		const run = await network();
		await rejectionOf(uploadAsset(run, sandboxConnection(sandbox), picture, limit(), onLeft));
		expect(onLeft).toHaveBeenCalledTimes(1);
		expect(sandbox.assets.size).toBe(1);
	});

	it('is let be when it cannot be looked for', async () => {
		sandbox.fault(lost, { match: { method: 'GET' }, status: 500, times: 9 });
		expect((await rejectionOf(upload())).transient).toBe(true);
		expect(methods()).toEqual(['POST', 'GET']);
	});

	it('is let be when the list is no list', async () => {
		for (const body of ['null', '[]', '{"assets":null}', '<html>']) {
			sandbox.clear();
			sandbox.fault(lost, { match: { method: 'GET' }, body });
			expect((await rejectionOf(upload())).transient).toBe(true);
			expect(methods()).toEqual(['POST', 'GET']);
		}
	});
});

/** The real API's documentation promises ids alone in the list. */
async function serverWithBareList(answerCreate: (response: ServerResponse) => void) {
	const asked: string[] = [];
	const descriptions = new Map([['other', 'of somebody else']]);
	const listener = (request: IncomingMessage, response: ServerResponse, body: string) => {
		const { method = '', url = '' } = request;
		asked.push(`${method} ${url}`);
		const id = url.slice('/assets/'.length);
		if (method === 'POST') {
			descriptions.set('mine', (JSON.parse(body) as { description: string }).description);
			answerCreate(response);
		} else if (method === 'DELETE') {
			descriptions.delete(id);
			response.writeHead(204).end();
		} else if (id) {
			response.end(JSON.stringify({ asset: { assetId: id, description: descriptions.get(id) } }));
		} else {
			response.end(
				JSON.stringify({ assets: [...descriptions.keys()].map((assetId) => ({ assetId })) }),
			);
		}
	};
	const server = await keep(
		openHttp((request, response) => {
			let body = '';
			request.on('data', (chunk: Buffer) => (body += chunk.toString()));
			request.on('end', () => listener(request, response, body));
		}),
	);
	return { asked, descriptions, connection: nvidia(server.url) };
}

describe('where the list of assets has no descriptions', () => {
	it('each asset is asked for its own', async () => {
		const { asked, descriptions, connection } = await serverWithBareList(({ socket }) =>
			socket?.destroy(),
		);
		await rejectionOf(upload(connection));
		expect([...descriptions.keys()]).toEqual(['other']);
		expect(asked.at(-1)).toBe('DELETE /assets/mine');
		expect(asked).not.toContain('DELETE /assets/other');
	});

	it('nothing is deleted that is not known to be ours', async () => {
		const { asked, descriptions, connection } = await serverWithBareList(({ socket }) => {
			descriptions.delete('mine');
			socket?.destroy();
		});
		await rejectionOf(upload(connection));
		expect(asked.filter((line) => line.startsWith('DELETE'))).toEqual([]);
	});
});

describe('nothing is looked for', () => {
	it.each([400, 401, 403, 404, 422, 429])(
		'after a refusal with HTTP %d: nothing was created',
		async (status) => {
			sandbox.fault({ ...CREATE, status, body: 'No' });
			await rejectionOf(upload());
			expect(methods()).toEqual(['POST']);
		},
	);

	it('when no connection came about, and nothing is said to be left', async () => {
		const connection = { ...sandboxConnection(sandbox), nvcfUrl: await closedPort() };
		const onLeft = jest.fn();
		const run = await network();
		const failure = await rejectionOf(uploadAsset(run, connection, picture, limit(), onLeft));
		expect(failure.facts).toMatchObject({ kind: 'network', code: 'ECONNREFUSED' });
		expect(onLeft).not.toHaveBeenCalled();
	});

	it('when nothing was sent, as the execution was stopped before', async () => {
		await rejectionOf(upload(undefined, limit({}, AbortSignal.abort())));
		expect(methods()).toEqual([]);
	});
});
