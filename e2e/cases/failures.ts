import type { INodeParameters } from 'n8n-workflow';

import type { WorkflowData } from '../../engine';
import { solid } from '../../test/support/pictures';
import type { Bench } from '../harness/bench';
import { postPictures } from '../harness/forms';
import { executionsOf, finished, publish, saveWorkflow } from '../harness/workflows';
import { webhookWorkflow } from '../harness/webhook';

const CHAT = { path: '/v1/chat' };

/** What n8n's own settings of a node make of a failure. */
export function failureCases(open: () => Bench): void {
	/** Posts one picture. @returns the execution. */
	const run = async (
		parameters: INodeParameters,
		node: Partial<WorkflowData['nodes'][number]> = {},
	) => {
		const { rest, n8n, credentialId } = open();
		const { workflow, path } = webhookWorkflow(credentialId, parameters, node);
		const saved = await saveWorkflow(rest, workflow);
		await publish(rest, saved);
		await postPictures(`${n8n.url}/webhook/${path}`, [await solid('jpeg', 32, 32, 'red')]);
		const [{ id }] = await executionsOf(rest, saved);
		return await finished(rest, id);
	};
	const noRetries = { options: { maxRetries: 0 } };
	const chats = () => open().sandbox.requests.filter(({ path }) => path.startsWith(CHAT.path));
	beforeEach(() => open().sandbox.clear());

	it('Stop: the execution fails with the server’s words and with advice', async () => {
		open().sandbox.fault({ match: CHAT, status: 402, body: { detail: 'No credits left' } });
		const { status, data } = await run(noRetries);
		expect(status).toBe('error');
		const { error } = data.resultData;
		expect(error?.message).toBe('No credits left (HTTP 402)');
		expect(error?.description).toEqual(expect.stringMatching(/\.$/));
		expect(JSON.stringify(data)).not.toContain(open().sandbox.apiKey);
	});

	it('Continue (using error output): the item leaves by the second output, with its input', async () => {
		const parameters = { imageInput: 'binary', binaryPropertyName: 'photo' };
		const execution = await run(parameters, { onError: 'continueErrorOutput' });
		expect(execution.status).toBe('success');
		expect(execution.items('Gemma')).toEqual([]);
		expect(execution.items('Gemma', 1)).toMatchObject([
			{ json: { error: expect.stringContaining('picture1'), body: {} } },
		]);
		expect(chats()).toEqual([]);
	});

	it('Continue: the item has its error in place of a reply', async () => {
		open().sandbox.fault({ match: CHAT, status: 402, body: { detail: 'No credits left' } });
		const execution = await run(noRetries, { onError: 'continueRegularOutput' });
		expect(execution.items('Gemma')).toMatchObject([
			{ json: { error: 'No credits left (HTTP 402)', status: 402 }, pairedItem: { item: 0 } },
		]);
	});

	it('Retry On Fail: n8n runs the node again, and its second try counts', async () => {
		open().sandbox.fault({ match: CHAT, status: 402, body: { detail: 'No credits left' } });
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 100 };
		const execution = await run(noRetries, retry);
		expect(execution.status).toBe('success');
		expect(execution.items('Gemma')).toMatchObject([{ json: { finishReason: 'stop' } }]);
		expect(chats().map(({ status }) => status)).toEqual([402, 200]);
	});
}
