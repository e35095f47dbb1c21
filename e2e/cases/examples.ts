import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import type { Bench } from '../harness/bench';
import { eventually } from '../harness/eventually';
import { root } from '../harness/paths';
import { postForm } from '../harness/forms';
import {
	example,
	executionsOf,
	finished,
	publish,
	runManually,
	saveWorkflow,
	unpublish,
} from '../harness/workflows';

/** The workflows that people import from `examples/`. */
export function exampleCases(open: () => Bench): void {
	it('describe-photo.json: a form takes a photo, and Gemma describes it', async () => {
		const { rest, n8n, credentialId } = open();
		const workflow = await saveWorkflow(rest, example('describe-photo.json', credentialId));
		await publish(rest, workflow);
		const form = workflow.nodes.find(({ type }) => type.endsWith('.formTrigger'));
		const { status } = await postForm(`${n8n.url}/form/${form?.webhookId}`, {
			'field-0': {
				bytes: readFileSync(join(root, 'examples/photo.jpg')),
				filename: 'photo.jpg',
				contentType: 'image/jpeg',
			},
			'field-1': 'What is on the table?',
		});
		expect(status).toBe(200);
		const [{ id }] = await eventually('the form has run', async () => {
			const runs = await executionsOf(rest, workflow);
			return runs.length > 0 && runs;
		});
		const run = await finished(rest, id);
		expect(run.status).toBe('success');
		const [{ json }] = run.items('Gemma');
		expect(json.text).toContain('What is on the table?');
		expect(json.text).toMatch(/Picture 1: JPEG, \d+ x 896/);
		expect(json.usage).toMatchObject({ totalTokens: expect.any(Number) });
	});

	it('morning-summary.json: runs by hand', async () => {
		const { rest, credentialId } = open();
		const workflow = await saveWorkflow(rest, example('morning-summary.json', credentialId));
		const run = await runManually(rest, workflow, 'At seven');
		expect([run.status, run.mode]).toEqual(['success', 'manual']);
		expect(run.items('Gemma')).toMatchObject([
			{ json: { finishReason: 'stop', text: expect.stringContaining('Harbour bridge') } },
		]);
	});

	it('morning-summary.json: runs by its schedule', async () => {
		const { rest, credentialId } = open();
		const workflow = example('morning-summary.json', credentialId);
		const schedule = workflow.nodes.find(({ type }) => type.endsWith('.scheduleTrigger'));
		// Nobody waits for seven o'clock.
		const soon: INodeParameters = {
			rule: { interval: [{ field: 'seconds', secondsInterval: 2 }] },
		};
		Object.assign(schedule ?? {}, { parameters: soon });
		const saved = await saveWorkflow(rest, workflow);
		await publish(rest, saved);
		const [{ id }] = await eventually('the schedule has run', async () => {
			const runs = await executionsOf(rest, saved);
			return runs.length > 0 && runs;
		});
		await unpublish(rest, saved);
		const run = await finished(rest, id);
		expect([run.status, run.mode]).toEqual(['success', 'trigger']);
		expect(run.items('Gemma')).toHaveLength(1);
	});
}
