import type { INode, INodeParameters } from 'n8n-workflow';

import { GemmaApi } from '../../credentials/GemmaApi.credentials';
import { startEngine, type Engine, type EngineRun } from '../../engine';
import { Gemma } from '../../nodes/Gemma/Gemma.node';
import { startSandbox, type Sandbox } from '../../sandbox';
import { byId, GEMMA_TYPE, gemmaWorkflow, message } from '../support/gemmaWorkflow';
import { Agent } from '../support/probeNode';

let engine: Engine;
let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox();
	engine = await startEngine({
		nodes: { [GEMMA_TYPE]: new Gemma(), 'test.agent': new Agent() },
		credentialTypes: { gemmaApi: new GemmaApi() },
	});
});
beforeEach(() => sandbox.clear());
afterAll(async () => {
	await engine.close();
	await sandbox.close();
});

const credentials = (more: Record<string, string | boolean> = {}) => {
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	return { gemmaApi: { server: 'nvidia', apiKey, baseUrl, nvcfUrl, ...more } };
};
const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: INodeParameters,
): INode => ({
	...{ id: name, name, type, typeVersion, position: [400, 0], parameters },
	credentials: { gemmaApi: { id: '1', name: 'Gemma account' } },
});
const main = (to: string) => ({ main: [[{ node: to, type: 'main' as const, index: 0 }]] });

describe('n8n’s HTTP Request node with this credential', () => {
	const request = async (more: Record<string, string | boolean> = {}): Promise<EngineRun> => {
		const workflow = gemmaWorkflow({});
		workflow.nodes[1] = node('Gemma', 'n8n-nodes-base.httpRequest', 4.2, {
			method: 'POST',
			url: `${sandbox.baseUrl}/chat/completions`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'gemmaApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: JSON.stringify({
				model: 'google/gemma-3-27b-it',
				messages: [{ role: 'user', content: 'Hello' }],
			}),
		});
		return await engine.run(workflow, { credentials: credentials(more) });
	};

	it('sends the key and the extra header', async () => {
		const header = { header: true, headerName: 'X-Gateway', headerValue: 'v-1' };
		const run = await request(header);
		expect(run.status).toBe('success');
		expect(JSON.stringify(run.items('Gemma')[0].json)).toContain('Last user text');
		expect(sandbox.requests[0].headers).toMatchObject({
			authorization: `Bearer ${sandbox.apiKey}`,
			'x-gateway': 'v-1',
		});
	});

	it('sends no Authorization at all where a server of one’s own needs none', async () => {
		const run = await request({ server: 'openAiCompatible', apiKey: '' });
		expect(run.status).toBe('error');
		expect(sandbox.requests).toHaveLength(1);
		expect(sandbox.requests[0].headers).not.toHaveProperty('authorization');
	});

	it('says so when the key is missing, and sends nothing', async () => {
		const run = await request({ apiKey: '' });
		expect(run.error?.message).toContain('API Key of the Gemma API credential is empty');
		expect(sandbox.requests).toEqual([]);
	});
});

it('an agent can use the node as its tool', async () => {
	expect(new Gemma().description.usableAsTool).toBe(true);
	const workflow = gemmaWorkflow({});
	const asked = "={{ $fromAI('question', 'what to ask the model') }}";
	workflow.nodes[1] = node('Agent', 'test.agent', 1, {});
	workflow.nodes.push(node('Tool', `${GEMMA_TYPE}Tool`, 1, message(asked)));
	workflow.connections = {
		Start: main('Agent'),
		Tool: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
	};
	const run = await engine.run(workflow, { credentials: credentials() });
	expect(run.error).toBeUndefined();
	const answers = JSON.stringify(run.items('Agent')[0].json);
	expect(answers).toContain('This is the sandbox');
	expect(answers).toContain('from the agent');
});

it('two Gemma nodes pass items on, and later ones find the first ones’ items by pairing', async () => {
	const workflow = gemmaWorkflow(message('={{ $json.text }}', byId('google/gemma-3-4b-it')));
	workflow.nodes.push(
		node('Second', GEMMA_TYPE, 1, message('={{ $("Start").item.json.text + "!" }}')),
	);
	workflow.connections.Gemma = main('Second');
	const input = [{ json: { text: 'a' } }, { json: { text: 'b' } }];
	const run = await engine.run(workflow, { credentials: credentials(), input });
	const quoted = run.items('Second').map(({ json }) => /text: "(.*)"/.exec(String(json.text))?.[1]);
	expect(quoted).toEqual(['a!', 'b!']);
});
