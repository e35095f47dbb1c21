import { photo, solid } from '../../test/support/pictures';
import type { Bench } from '../harness/bench';
import { postPictures } from '../harness/forms';
import { publish, saveWorkflow } from '../harness/workflows';
import { webhookWorkflow } from '../harness/webhook';

/** A form with pictures comes in, and what Gemma says goes out in the same call. */
export function webhookCases(open: () => Bench): void {
	const webhook = async () => {
		const { rest, n8n, credentialId } = open();
		const { workflow, path } = webhookWorkflow(credentialId);
		await publish(rest, await saveWorkflow(rest, workflow));
		return `${n8n.url}/webhook/${path}`;
	};

	it('with one picture', async () => {
		const picture = await photo({ width: 1600, height: 1200 });
		const { status, json } = await postPictures(await webhook(), [picture], { question: 'Why?' });
		expect([status, json.finishReason]).toEqual([200, 'stop']);
		expect(json.text).toContain('Last user text: "Why?"');
		expect(json.text).toContain('Picture 1: JPEG, 1195 x 896');
		expect(json.text).not.toContain('Picture 2');
	});

	it('with three pictures, in the order of their numbers', async () => {
		const colours = ['red', 'green', 'blue'];
		// The first is the last that n8n has written to disk.
		const pictures = await Promise.all(
			colours.map(async (colour, index) => await solid('jpeg', 4000 >> (2 * index), 600, colour)),
		);
		const { status, json } = await postPictures(await webhook(), pictures);
		expect(status).toBe(200);
		const seen = [...String(json.text).matchAll(/Picture (\d): .* mainly (\w+)/g)];
		expect(seen.map(([, number, colour]) => [Number(number), colour])).toEqual(
			colours.map((colour, index) => [index + 1, colour]),
		);
	});
}
