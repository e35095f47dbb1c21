import { startSandbox } from '../../sandbox';
import { connect } from '../../nodes/Gemma/transport/connection';
import { listModels } from '../../nodes/Gemma/transport/models';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { loadRecording, replay } from '../support/replay';
import { openServer, partsOf, sandboxConnection, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

const list = async (baseUrl: string) =>
	await listModels(await network(), openServer(baseUrl), limit());

async function listFrom(body: unknown, status = 200) {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const server = await keep(openHttp((_, response) => response.writeHead(status).end(text)));
	return await list(server.url);
}

describe('the list of models', () => {
	it('comes from the sandbox, which asks for no key as NVIDIA does', async () => {
		const sandbox = await keep(startSandbox());
		const models = await listModels(await network(), sandboxConnection(sandbox), limit());
		expect(models.map(({ id }) => id)).toContain('google/gemma-3-27b-it');
		expect(sandbox.requests[0]).toMatchObject({ method: 'GET', path: '/v1/models' });
	});

	it('comes from a real llama.cpp', async () => {
		const { url } = await keep(replay(loadRecording('00-models')));
		expect((await list(url)).map(({ id }) => id)).toEqual(['google/gemma-3-27b-it']);
	});

	it('is asked for with the key and the extra header', async () => {
		const sandbox = await keep(startSandbox());
		const connection = connect({
			apiKey: sandbox.apiKey,
			baseUrl: sandbox.baseUrl,
			header: true,
			headerName: 'X-Gateway',
			headerValue: 'gateway-value',
		});
		await listModels(await network(), connection, limit());
		expect(sandbox.requests[0].headers).toMatchObject({
			accept: 'application/json',
			authorization: `Bearer ${sandbox.apiKey}`,
			'x-gateway': 'gateway-value',
		});
	});

	it('leaves out entries that name no model', async () => {
		const data = [{ id: 'a' }, { name: 'b' }, { id: 5 }, null, 'c', { id: 'd', owned_by: 'x' }];
		expect((await listFrom({ object: 'list', data })).map(({ id }) => id)).toEqual(['a', 'd']);
	});

	it.each([
		['no list', { models: [] }],
		['an empty list', { data: [] }],
		['another type', { data: 'x' }],
		['null', 'null'],
		['an HTML page', '<html></html>'],
		['nothing', ''],
		['an array', []],
	])('is empty for %s', async (_, body) => {
		expect(await listFrom(body)).toEqual([]);
	});

	it('of many models comes whole', async () => {
		const data = Array.from({ length: 5000 }, (_, index) => ({ id: `vendor/model-${index}` }));
		expect(await listFrom({ data })).toHaveLength(5000);
	});

	it('that the server refuses is a failure with its words', async () => {
		const failure = await rejectionOf(listFrom({ error: { message: 'No key' } }, 401));
		expect(partsOf(failure)).toEqual({
			facts: { kind: 'refused', cause: 'key', status: 401 },
			message: 'No key (HTTP 401)',
			transient: false,
		});
	});
});
