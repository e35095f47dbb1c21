import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { NODE_TYPE } from '../e2e/harness/package';
import { root } from '../e2e/harness/paths';
import type { Rest } from '../e2e/harness/rest';
import { example, saveWorkflow } from '../e2e/harness/workflows';
import type { Target } from '../examples/target';

const CREDENTIAL = { name: 'Gemma account', type: 'gemmaApi' };

/** Puts the credential and the examples into n8n; an example that is there stays as it is. */
export async function fillN8n(rest: Rest, target: Target): Promise<void> {
	const credentialId = await writeCredential(rest, target);
	const present = await rest.call<Array<{ name: string }>>('GET', '/rest/workflows');
	const names = new Set(present.map(({ name }) => name));
	for (const file of readdirSync(join(root, 'examples'))) {
		if (!file.endsWith('.json')) continue;
		const workflow = example(file, credentialId);
		if (names.has(workflow.name)) continue;
		for (const { type, parameters } of workflow.nodes) {
			if (type !== NODE_TYPE || !target.model) continue;
			parameters.modelId = { __rl: true, mode: 'id', value: target.model };
		}
		await saveWorkflow(rest, workflow);
	}
}

/** Written at each start: the sandbox has another port each time. @returns its id. */
async function writeCredential(rest: Rest, { credential }: Target): Promise<string> {
	const { name, type } = CREDENTIAL;
	const present = await rest.call<Array<{ id: string; name: string; type: string }>>(
		'GET',
		'/rest/credentials',
	);
	const own = present.find((found) => found.name === name && found.type === type);
	if (!own) return await rest.createCredential(name, credential, type);
	await rest.call('PATCH', `/rest/credentials/${own.id}`, { ...CREDENTIAL, data: credential });
	return own.id;
}
