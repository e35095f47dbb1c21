import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICredentialType, INode, INodeExecutionData, StructuredChunk } from 'n8n-workflow';
import { type Engine, startEngine, type WorkflowData } from '../../engine';
import { Agent, Probe } from '../support/probeNode';

const probeApi: ICredentialType = {
	name: 'probeApi',
	displayName: 'Probe API',
	properties: [
		{ displayName: 'Key', name: 'apiKey', type: 'string', default: '' },
		{ displayName: 'Place', name: 'place', type: 'string', default: 'here' },
		{
			displayName: 'Secret Place',
			name: 'secretPlace',
			type: 'string',
			default: 'cellar',
			displayOptions: { show: { place: ['hidden'] } },
		},
	],
	authenticate: {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	},
};

const start = async (binaryMode: 'default' | 'filesystem' = 'default') =>
	await startEngine({
		nodes: { 'test.probe': new Probe(), 'test.agent': new Agent() },
		credentialTypes: { probeApi },
		binaryMode,
	});

const node = (name: string, type: string, rest: Partial<INode> = {}): INode => ({
	...{ id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} },
	...rest,
});
const trigger = node('Start', 'n8n-nodes-base.manualTrigger');
const probe = (action: string, rest: Partial<INode> = {}) =>
	node('Probe', 'test.probe', { ...rest, parameters: { action, ...rest.parameters } });

/** Connects each node's first output to the next node. */
const chain = (...nodes: INode[]): WorkflowData => ({
	nodes,
	connections: Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index].name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
	),
});
const texts = (items: INodeExecutionData[]) => items.map(({ json }) => json.text);
const three = ['a', 'b', 'c'].map((name) => ({ json: { name } }));

describe('a workflow in memory', () => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await start();
	});
	afterAll(async () => await engine.close());

	it('runs n8n’s own nodes and evaluates expressions', async () => {
		const set = node('Set', 'n8n-nodes-base.set', {
			typeVersion: 3.4,
			parameters: {
				assignments: {
					assignments: [{ id: '1', name: 'sum', type: 'number', value: '={{ 40 + 2 }}' }],
				},
			},
		});
		const run = await engine.run(chain(trigger, set));
		expect(run.status).toBe('success');
		expect(run.items('Set')).toEqual([{ json: { sum: 42 }, pairedItem: { item: 0 } }]);
	});

	it('gives the input to the trigger and evaluates parameters for each item', async () => {
		const workflow = chain(trigger, probe('echo', { parameters: { text: '={{ $json.name }}' } }));
		const run = await engine.run(workflow, { input: three });
		expect(texts(run.items('Probe'))).toEqual(['a', 'b', 'c']);
		expect(run.items('Probe').map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
	});

	it('gives the input to a first node that is no trigger', async () => {
		const workflow = chain(probe('echo', { parameters: { text: '={{ $json.name }}' } }));
		const run = await engine.run(workflow, { input: three, startNode: 'Probe' });
		expect(texts(run.items('Probe'))).toEqual(['a', 'b', 'c']);
	});

	it('runs in production modes, where a trigger passes on what it was given', async () => {
		const run = await engine.run(chain(trigger, probe('mode')), { input: three, mode: 'webhook' });
		expect(texts(run.items('Probe'))).toEqual(['webhook', 'webhook', 'webhook']);
	});

	it('leaves the workflow it was given unchanged', async () => {
		const workflow = chain(trigger, probe('echo'));
		const before = JSON.stringify(workflow);
		await engine.run(workflow);
		expect(JSON.stringify(workflow)).toBe(before);
	});

	it('sends failed items to the error output, merged with their input', async () => {
		const failing = probe('failOnB', { onError: 'continueErrorOutput' });
		const run = await engine.run(chain(trigger, failing), { input: three });
		expect(run.status).toBe('success');
		expect(texts(run.items('Probe', 0))).toEqual(['a', 'c']);
		expect(run.items('Probe', 1)).toEqual([
			{ json: { name: 'b', error: 'b is bad' }, pairedItem: { item: 1 } },
		]);
	});

	it('reports a failed node and does not run the next', async () => {
		const after = node('After', 'n8n-nodes-base.noOp');
		const run = await engine.run(chain(trigger, probe('failOnB'), after), { input: three });
		expect(run.status).toBe('error');
		expect(run.error?.message).toBe('b is bad');
		expect(run.nodeError('Probe')?.message).toBe('b is bad');
		expect(run.nodeError('Start')).toBeUndefined();
		expect(run.items('After')).toEqual([]);
	});

	it('tries again when the node says Retry On Fail', async () => {
		const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
		const run = await engine.run(chain(trigger, probe('failTwice', retrying)));
		expect(texts(run.items('Probe'))).toEqual(['worked at try 3']);
	});

	it('fails a workflow with an unknown node', async () => {
		const run = await engine.run(chain(trigger, node('Odd', 'n8n-nodes-base.noSuchNode')));
		expect(run.status).toBe('error');
		expect(run.error?.message).toMatch(/noSuchNode|unknown|Unrecognized/i);
		expect(run.items('Start')).toEqual([]);
	});

	it('collects hints', async () => {
		const run = await engine.run(chain(trigger, probe('hint')));
		expect(run.hints('Probe')).toEqual([{ message: 'a hint' }]);
		expect(run.hints('Start')).toEqual([]);
	});

	it('cancels in mid-node and tells the node', async () => {
		const began = Date.now();
		const run = await engine.run(chain(trigger, probe('waitForCancel')), { cancelAfterMs: 50 });
		expect(Date.now() - began).toBeLessThan(3000);
		expect(run.status).toBe('canceled');
	});

	it('cancels by signal, also one that has aborted already', async () => {
		const controller = new AbortController();
		setTimeout(() => controller.abort(), 30);
		for (const signal of [controller.signal, AbortSignal.abort()]) {
			const run = await engine.run(chain(trigger, probe('waitForCancel')), { signal });
			expect(run.status).toBe('canceled');
		}
	});

	it('ends a workflow at its time limit', async () => {
		const run = await engine.run(chain(trigger, probe('waitForCancel')), { timeoutMs: 50 });
		expect(run.status).toBe('canceled');
	});

	it('streams chunks only to who listens', async () => {
		const chunks: StructuredChunk[] = [];
		const heard = await engine.run(chain(trigger, probe('stream')), {
			onStreamChunk: (chunk) => chunks.push(chunk),
		});
		expect(texts(heard.items('Probe'))).toEqual([true]);
		expect(chunks.map(({ type, content }) => [type, content])).toEqual([
			['begin', undefined],
			['item', 'word'],
			['end', undefined],
		]);
		const unheard = await engine.run(chain(trigger, probe('stream')));
		expect(texts(unheard.items('Probe'))).toEqual([false]);
	});

	it('lets an agent call a node as its tool', async () => {
		const workflow = chain(trigger, node('Agent', 'test.agent'));
		workflow.nodes.push(
			node('Tool', 'test.probeTool', {
				parameters: { action: 'echo', text: "={{ $fromAI('question', 'what to say') }}" },
			}),
		);
		workflow.connections.Tool = { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] };
		const run = await engine.run(workflow);
		expect(run.error).toBeUndefined();
		expect(JSON.stringify(run.items('Agent')[0].json)).toContain('from the agent');
	});

	it('keeps binary data in memory', async () => {
		const data = await engine.binary(Buffer.from('picture'), 'p.png', 'image/png');
		expect(data).toMatchObject({ fileName: 'p.png', mimeType: 'image/png', bytes: 7 });
		expect(data.id).toBeUndefined();
		expect((await engine.readBinary(data)).toString()).toBe('picture');
	});

	it('refuses a second engine while one is open', async () => {
		await expect(start()).rejects.toThrow('close it first');
	});
});

describe('credentials', () => {
	const withCredential = { credentials: { probeApi: { id: '1', name: 'Mine' } } };
	const credentials = { probeApi: { apiKey: 'k-1', secretPlace: 'attic' } };
	let engine: Engine;
	let server: Server;
	let headers: IncomingHttpHeaders[];
	let url: string;

	beforeAll(async () => {
		engine = await start();
		server = createServer((request, response) => {
			headers.push(request.headers);
			response.setHeader('content-type', 'application/json').end('{"ok":true}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	});
	beforeEach(() => {
		headers = [];
	});
	afterAll(async () => {
		await engine.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	it('arrive with defaults, and without fields that are hidden', async () => {
		const run = await engine.run(chain(trigger, probe('credentials', withCredential)), {
			credentials,
		});
		expect(run.items('Probe')[0].json).toEqual({ apiKey: 'k-1', place: 'here' });
	});

	it('show a field when its condition holds', async () => {
		const run = await engine.run(chain(trigger, probe('credentials', withCredential)), {
			credentials: { probeApi: { place: 'hidden' } },
		});
		expect(run.items('Probe')[0].json).toMatchObject({ place: 'hidden', secretPlace: 'cellar' });
	});

	it('evaluate expressions', async () => {
		const run = await engine.run(chain(trigger, probe('credentials', withCredential)), {
			credentials: { probeApi: { apiKey: '={{ "k" + $json.name }}' } },
			input: three,
		});
		expect(run.items('Probe')[0].json.apiKey).toBe('ka');
	});

	it('fail the run when they are missing', async () => {
		const run = await engine.run(chain(trigger, probe('credentials', withCredential)));
		expect(run.error?.message).toContain('does not exist for type "probeApi"');
	});

	it('authenticate n8n’s HTTP Request node', async () => {
		const request = node('Request', 'n8n-nodes-base.httpRequest', {
			typeVersion: 4.2,
			parameters: {
				url,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: 'probeApi',
			},
			...withCredential,
		});
		const run = await engine.run(chain(trigger, request), { credentials });
		expect(run.items('Request')[0].json).toEqual({ ok: true });
		expect(headers.map(({ authorization }) => authorization)).toEqual(['Bearer k-1']);
	});

	it('of n8n’s own types work too', async () => {
		const request = node('Request', 'n8n-nodes-base.httpRequest', {
			typeVersion: 4.2,
			parameters: {
				url,
				authentication: 'genericCredentialType',
				genericAuthType: 'httpHeaderAuth',
			},
			credentials: { httpHeaderAuth: { id: '1', name: 'Header' } },
		});
		const run = await engine.run(chain(trigger, request), {
			credentials: { httpHeaderAuth: { name: 'X-Key', value: 'k-2' } },
		});
		expect(run.status).toBe('success');
		expect(headers.map((sent) => sent['x-key'])).toEqual(['k-2']);
	});

	it('reach list search and load options', async () => {
		const found = await engine.listSearch('test.probe', 'find', {
			credentials,
			parameters: { action: 'echo' },
			filter: 'x',
			paginationToken: '2',
		});
		expect(found.results).toEqual([{ name: 'k-1 echo x 2', value: 'here' }]);
		const options = await engine.loadOptions('test.probe', 'choices', { credentials });
		expect(options).toEqual([{ name: 'k-1', value: 'k-1' }]);
		await expect(engine.listSearch('test.probe', 'missing')).rejects.toThrow('missing');
	});

	it('are tested by the node’s function', async () => {
		const good = await engine.testCredential('probeApi', { apiKey: 'k-3', place: url });
		expect(good).toEqual({ status: 'OK', message: 'here' });
		expect(headers.map((sent) => sent['x-key'])).toEqual(['k-3']);
		await expect(engine.testCredential('otherApi', {})).rejects.toThrow();
	});
});

describe.each(['default', 'filesystem'] as const)('binary data, mode %s', (binaryMode) => {
	let engine: Engine;
	let folder: string;
	beforeAll(async () => {
		engine = await start(binaryMode);
		folder = await mkdtemp(join(tmpdir(), 'engine-test-'));
	});
	afterAll(async () => {
		await engine.close();
		await rm(folder, { recursive: true });
	});

	it('comes from a file on disk through n8n’s own node to ours', async () => {
		const file = join(folder, 'note.png');
		await writeFile(file, 'bytes of a picture');
		const read = node('Read', 'n8n-nodes-base.readWriteFile', {
			parameters: { operation: 'read', fileSelector: file, options: {} },
		});
		const run = await engine.run(chain(trigger, read, probe('readBinary')));
		expect(run.error).toBeUndefined();
		const data = run.items('Read')[0].binary?.data;
		expect(data?.id === undefined).toBe(binaryMode === 'default');
		expect(run.items('Probe')[0].json).toEqual({
			buffer: 'bytes of a picture',
			stream: binaryMode === 'default' ? null : 'bytes of a picture',
			mimeType: 'image/png',
		});
		if (data) expect((await engine.readBinary(data)).toString()).toBe('bytes of a picture');
	});

	it('can be handed in with an item', async () => {
		const data = await engine.binary(Buffer.from('handed in'), 'a.jpg', 'image/jpeg');
		const run = await engine.run(chain(trigger, probe('readBinary')), {
			input: [{ json: {}, binary: { data } }],
		});
		expect(run.items('Probe')[0].json).toMatchObject({ buffer: 'handed in' });
	});

	it('is detected by its bytes when nothing else tells', async () => {
		const run = await engine.run(chain(trigger, probe('prepareBinary')));
		expect(run.error).toBeUndefined();
		expect(run.items('Probe')[0].binary?.data.mimeType).toBe('image/gif');
	});
});

it('n8n’s protection against forged requests can be switched on', async () => {
	const engine = await startEngine({
		nodes: { 'test.probe': new Probe() },
		credentialTypes: {},
		environment: { N8N_SSRF_PROTECTION_ENABLED: 'true' },
	});
	const parameters = { url: 'http://127.0.0.1:9/' };
	const request = node('Request', 'n8n-nodes-base.httpRequest', { typeVersion: 4.2, parameters });
	const run = await engine.run(chain(trigger, request));
	const filter = await engine.run(chain(trigger, probe('egress', { parameters })));
	await engine.close();
	expect(run.error?.message).toMatch(/restricted|blocked|not allowed/i);
	expect(texts(filter.items('Probe'))).toEqual([false]);
});

it('closing removes the folder and restores the environment', async () => {
	delete process.env.N8N_USER_FOLDER;
	process.env.N8N_LOG_LEVEL = 'warn';
	const engine = await start();
	const folder = process.env.N8N_USER_FOLDER ?? '';
	expect(existsSync(folder)).toBe(true);
	await engine.close();
	expect(existsSync(folder)).toBe(false);
	expect(process.env.N8N_USER_FOLDER).toBeUndefined();
	expect(process.env.N8N_LOG_LEVEL).toBe('warn');
	delete process.env.N8N_LOG_LEVEL;
});
