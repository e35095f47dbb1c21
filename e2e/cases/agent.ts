import type { INode } from 'n8n-workflow';

import type { Bench } from '../harness/bench';
import { openChatModel } from '../harness/chatModel';
import { NODE_TYPE } from '../harness/package';
import { runManually, saveWorkflow } from '../harness/workflows';

const node = (name: string, type: string, typeVersion: number, more: Partial<INode>): INode => ({
	id: name,
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters: {},
	...more,
});

/** The node as a tool that an AI Agent may call. */
export function agentCases(open: () => Bench): void {
	it('answers the agent that calls it, with the prompt that the agent wrote', async () => {
		const { rest, credentialId, sandbox } = open();
		sandbox.clear();
		const model = await openChatModel({ prompt: 'How tall is a giraffe?' });
		const data = { apiKey: 'stub', url: `${model.url}/v1` };
		const modelCredential = await rest.createCredential('Stub', data, 'openAiApi');
		const langchain = '@n8n/n8n-nodes-langchain';
		const workflow = await saveWorkflow(rest, {
			name: 'Gemma as a tool',
			nodes: [
				node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
				node('Agent', `${langchain}.agent`, 3, {
					parameters: { promptType: 'define', text: 'Ask Gemma.', options: {} },
				}),
				node('Model', `${langchain}.lmChatOpenAi`, 1.2, {
					parameters: { model: { __rl: true, mode: 'id', value: 'stub' }, options: {} },
					credentials: { openAiApi: { id: modelCredential, name: 'Stub' } },
				}),
				node('Gemma', `${NODE_TYPE}Tool`, 1, {
					parameters: {
						resource: 'text',
						operation: 'message',
						messages: {
							values: [
								{ role: 'user', content: "={{ $fromAI('prompt', 'The question', 'string') }}" },
							],
						},
					},
					credentials: { gemmaApi: { id: credentialId, name: 'Gemma account' } },
				}),
			],
			connections: {
				Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
				Model: { ai_languageModel: [[{ node: 'Agent', type: 'ai_languageModel', index: 0 }]] },
				Gemma: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		});
		try {
			const run = await runManually(rest, workflow, 'Start');
			expect(run.data.resultData.error).toBeUndefined();
			const [{ json }] = run.items('Agent');
			expect(json.output).toMatch(/^Gemma says: .*How tall is a giraffe\?/s);
			expect(sandbox.requests).toMatchObject([{ path: '/v1/chat/completions', status: 200 }]);
			expect(model.asked).toHaveLength(2);
			expect(model.asked[0].tools).toMatchObject([{ function: { name: 'Gemma' } }]);
		} finally {
			await model.close();
		}
	});
}
