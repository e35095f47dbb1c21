import { photo } from '../../test/support/pictures';
import type { Bench } from '../harness/bench';
import { eventually } from '../harness/eventually';
import { postPictures } from '../harness/forms';
import { executionsOf, finished, publish, saveWorkflow } from '../harness/workflows';
import { webhookWorkflow } from '../harness/webhook';

const SOON_MS = 1500;

/** Somebody presses Stop while the server is at work. */
export function stopCases(open: () => Bench): void {
	it('closes the connections within a second and deletes what was uploaded', async () => {
		const { rest, n8n, sandbox, credentialId } = open();
		const { workflow, path } = webhookWorkflow(credentialId, {
			options: { imageTransfer: 'asset' },
		});
		const saved = await saveWorkflow(rest, workflow);
		await publish(rest, saved);
		sandbox.clear();
		sandbox.settings.tokensPerSecond = 2;
		try {
			const picture = await photo({ width: 1200, height: 900 });
			const call = postPictures(`${n8n.url}/webhook/${path}`, [picture]).catch(() => undefined);
			await eventually('the reply has begun', () =>
				sandbox.requests.some(
					({ path: at, status }) => at.startsWith('/v1/chat') && status === 200,
				),
			);
			expect(sandbox.assets.size).toBe(1);
			expect(sandbox.openSockets).toBeGreaterThan(0);
			const [{ id }] = await executionsOf(rest, saved);
			const stopped = Date.now();
			await rest.call('POST', `/rest/executions/${id}/stop`);
			await eventually('all is closed', () => sandbox.openSockets === 0, { everyMs: 20 });
			expect(Date.now() - stopped).toBeLessThan(SOON_MS);
			expect(sandbox.assets.size).toBe(0);
			expect((await finished(rest, id)).status).toBe('canceled');
			await call;
		} finally {
			sandbox.settings.tokensPerSecond = Infinity;
		}
	});
}
