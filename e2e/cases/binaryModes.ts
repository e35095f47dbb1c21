import { photo } from '../../test/support/pictures';
import type { Bench } from '../harness/bench';
import { postPictures } from '../harness/forms';
import { executionsOf, finished, publish, saveWorkflow } from '../harness/workflows';
import { webhookWorkflow } from '../harness/webhook';

/** Where n8n keeps binary data, and how an id of it begins there; in memory it has none. */
const MODES = [
	{ mode: 'default', id: undefined },
	{ mode: 'filesystem', id: /^filesystem/ },
	{ mode: 'database', id: /^database/ },
];

/** Each is a start of n8n, so these show a restart as well: workflow and credential are kept. */
export function binaryModeCases(open: () => Bench): void {
	let path: string;
	let workflowId: string;
	beforeAll(async () => {
		const { rest, credentialId } = open();
		const made = webhookWorkflow(credentialId, { options: { includeInputFields: true } });
		path = made.path;
		const saved = await saveWorkflow(rest, made.workflow);
		workflowId = saved.id;
		await publish(rest, saved);
	});

	it.each(MODES)('$mode: after a restart, three pictures', async ({ mode, id }) => {
		const { restart, rest } = open();
		await restart({ N8N_DEFAULT_BINARY_DATA_MODE: mode });
		const pictures = await Promise.all(
			[1, 2, 3].map(async (seed) => await photo({ width: 900, height: 700, seed })),
		);
		const { status, json } = await postPictures(`${open().n8n.url}/webhook/${path}`, pictures);
		expect(status).toBe(200);
		expect(String(json.text).match(/Picture \d: JPEG, \d+ x \d+/g)).toHaveLength(3);
		const [newest] = await executionsOf(rest, { id: workflowId });
		const [{ binary }] = (await finished(rest, newest.id)).items('Gemma');
		const ids = Object.values(binary ?? {}).map((file) => file.id);
		expect(ids).toEqual([1, 2, 3].map(() => (id ? expect.stringMatching(id) : undefined)));
	});
}
