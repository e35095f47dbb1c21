import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';

import { GEMMA_TYPE, openGemma, type GemmaBench } from '../support/gemmaWorkflow';
import { closedPort } from '../support/servers';
import { until } from '../support/until';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

interface Search {
	filter?: string;
	parameters?: INodeParameters;
	credential?: ICredentialDataDecryptedObject;
}

const search = async ({ filter, parameters, credential }: Search = {}) => {
	const { results } = await gemma.engine.listSearch(GEMMA_TYPE, 'searchModels', {
		credentials: { gemmaApi: { ...gemma.credential, ...credential } },
		parameters: { resource: 'text', operation: 'message', ...parameters },
		filter,
	});
	return results;
};
const LIST = { path: '/v1/models' };
const listed = (...ids: string[]) =>
	gemma.sandbox.fault({ match: LIST, body: { data: ids.map((id) => ({ id, object: 'model' })) } });

describe('the list of models', () => {
	it('begins with the Gemmas, by name, and holds the others after them', async () => {
		listed('zeta', 'google/gemma-10', 'alpha', 'google/gemma-9', 'gemma3:27b');
		const values = (await search()).map(({ value }) => value);
		expect(values).toEqual(['gemma3:27b', 'google/gemma-9', 'google/gemma-10', 'alpha', 'zeta']);
		expect(gemma.sandbox.requests[0].headers.authorization).toBe(`Bearer ${gemma.sandbox.apiKey}`);
	});

	it('comes from the server as it is', async () => {
		const values = (await search()).map(({ value }) => value);
		expect(values).toHaveLength(15);
		expect(values).toContain('google/gemma-3-27b-it');
		expect(gemma.log()).toEqual(['GET /v1/models 200']);
	});

	it('holds what was typed, in any case', async () => {
		const results = await search({ filter: ' GEMMA-3N ' });
		expect(results.map(({ value }) => value)).toEqual([
			'google/gemma-3n-e2b-it',
			'google/gemma-3n-e4b-it',
		]);
	});

	it('offers what was typed when the server knows nothing like it', async () => {
		expect(await search({ filter: ' my/own-model ' })).toEqual([
			{ name: expect.stringContaining('my/own-model') as string, value: 'my/own-model' },
		]);
	});

	it('marks Gemmas without eyes for pictures only, and puts them behind those that see', async () => {
		const ids = ['google/gemma-3-1b-it', 'llava', 'google/gemma-3-4b-it', 'google/gemma-2-9b-it'];
		listed(...ids);
		expect(await search({ parameters: { resource: 'image', operation: 'analyze' } })).toEqual([
			{ name: ids[2], value: ids[2] },
			{ name: `${ids[3]} (takes no images)`, value: ids[3] },
			{ name: `${ids[0]} (takes no images)`, value: ids[0] },
			{ name: 'llava', value: 'llava' },
		]);
		listed(...ids);
		const values = (await search()).map(({ name }) => name);
		expect(values).toEqual([ids[3], ids[0], ids[2], 'llava']);
	});

	it.each<[what: string, fault: object]>([
		['has no list', { status: 404, body: '404 page not found' }],
		['lists nothing', { body: { data: [] } }],
		['lists in a shape of its own', { body: { data: [{ name: 'x' }, null] } }],
		['answers with a page', { body: '<html></html>' }],
	])('is empty where the server %s, and an ID can be typed', async (_, fault) => {
		gemma.sandbox.fault({ match: LIST, times: 2, ...fault });
		expect(await search()).toEqual([]);
		const typed = await search({ filter: 'gemma3:27b' });
		expect(typed.map(({ value }) => value)).toEqual(['gemma3:27b']);
	});
});

describe('a list that cannot be had', () => {
	it('names the host where nobody answers', async () => {
		const baseUrl = `${await closedPort()}/v1`;
		const error: unknown = await search({ credential: { baseUrl } }).catch(
			(thrown: unknown) => thrown,
		);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: `Could not talk to ${new URL(baseUrl).host}: connection refused`,
			description: expect.stringContaining('host.docker.internal') as string,
		});
	});

	it('says what the server said', async () => {
		// n8n would replace a message with such a code in it by a sentence of its own.
		const detail = `ECONNREFUSED for Bearer ${gemma.sandbox.apiKey}`;
		gemma.sandbox.fault({ match: LIST, status: 403, body: { status: 403, detail } });
		const error: unknown = await search().catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			message: 'ECONNREFUSED for Bearer [hidden] (HTTP 403)',
			description: expect.stringContaining('credential') as string,
		});
	});

	it('says what the credential lacks, and asks nobody', async () => {
		const error: unknown = await search({ credential: { apiKey: '' } }).catch(
			(thrown: unknown) => thrown,
		);
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'The API Key of the Gemma API credential is empty',
		});
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('leaves no connection open', async () => {
		await search();
		gemma.sandbox.fault({ match: LIST, status: 500 });
		await search().catch(() => {});
		await until('all are closed', () => gemma.sandbox.openSockets === 0);
	});
});
