import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import type { Bench } from '../harness/bench';
import { eventually } from '../harness/eventually';
import { openFeed, type Feed } from '../harness/feed';
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
	it.each(readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.json')))(
		'%s: is imported, and this n8n knows every node of it in its version',
		async (file) => {
			const { rest, credentialId } = open();
			const workflow = example(file, credentialId);
			const saved = await saveWorkflow(rest, workflow);
			expect(saved.nodes).toEqual(workflow.nodes);
			const types = await rest.types();
			for (const { name, type, typeVersion } of workflow.nodes) {
				const versions = types
					.filter((known) => known.name === type)
					.flatMap(({ version }) => version);
				expect([name, versions]).toEqual([name, expect.arrayContaining([typeVersion])]);
			}
		},
	);

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

	describe('morning-summary.json', () => {
		const titles = ['Harbour bridge is open again', 'Rain until Friday', 'Chess club wins'];
		let feed: Feed;
		beforeAll(async () => {
			feed = await openFeed(titles);
		});
		afterAll(async () => await feed.close());

		/** The example, with a feed of this machine, and another rule for its schedule. */
		const summary = (rule?: INodeParameters) => {
			const workflow = example('morning-summary.json', open().credentialId);
			for (const { type, parameters } of workflow.nodes) {
				if (type.endsWith('.rssFeedRead')) parameters.url = feed.url;
				if (type.endsWith('.scheduleTrigger') && rule) parameters.rule = rule;
			}
			return workflow;
		};

		it('runs by hand: all news make one digest, paired with each of them', async () => {
			const { rest } = open();
			const workflow = await saveWorkflow(rest, summary());
			const run = await runManually(rest, workflow, 'At seven');
			expect([run.status, run.mode]).toEqual(['success', 'manual']);
			expect(run.items('Gemma')).toMatchObject([
				{
					json: { finishReason: 'stop', text: expect.stringContaining('Below are 3 texts') },
					pairedItem: titles.map((_, item) => ({ item })),
				},
			]);
		});

		it('runs by its schedule', async () => {
			const { rest } = open();
			// Nobody waits for seven o'clock.
			const soon = { interval: [{ field: 'seconds', secondsInterval: 2 }] };
			const saved = await saveWorkflow(rest, summary(soon));
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
	});
}
