/**
 * n8n in the browser, with the node, a credential for it and the examples. What n8n keeps is in
 * `editor/.data`, or where `EDITOR_DATA` says, and there at the next start.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { installN8n, installTools } from '../e2e/harness/install';
import { isBundled } from '../e2e/harness/node';
import { OWNER, Rest, RestError } from '../e2e/harness/rest';
import { startN8n } from '../e2e/harness/server';
import { currentN8n, oldestN8n } from '../e2e/harness/versions';
import { openTarget, type Target } from '../examples/target';
import { fillN8n } from './contents';
import { installFreshPackage } from './freshPackage';
import { holdFolder } from './lock';
import { choosePort } from './port';

/** The newest n8n that this Node.js runs. */
const version = Number(process.versions.node.split('.')[0]) >= 24 ? currentN8n : oldestN8n;

async function main(): Promise<void> {
	expectToBeStopped();
	const data = process.env.EDITOR_DATA ?? join(__dirname, '.data');
	const userFolder = join(data, version.name);
	await mkdir(userFolder, { recursive: true });
	holdFolder(userFolder);
	if (version.needsNode24 && isBundled) await installTools();
	await installN8n(version);
	await installFreshPackage(userFolder);

	const target = await openTarget(process.env);
	const port = await choosePort(process.env);
	console.log(`Starting n8n ${version.name}.`);
	const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
	const env = { GENERIC_TIMEZONE: timeZone };
	const n8n = await startN8n({ version, userFolder, port, env });
	const rest = new Rest(n8n.url);
	await signIn(rest);
	await fillN8n(rest, target);
	introduce(port, target);
	await n8n.exit;
	if (process.exitCode === undefined) throw new Error(`n8n has ended:\n${n8n.output()}`);
}

/** Ctrl-C is how this program is meant to end. */
function expectToBeStopped(): void {
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => {
			process.exitCode = 0;
			console.log('\nStopping.');
		});
	}
}

async function signIn(rest: Rest): Promise<void> {
	await rest.signIn().catch((error: unknown) => {
		if (!(error instanceof RestError) || error.status !== 401) throw error;
		throw new Error(
			`n8n no longer takes the password of ${OWNER.email}. Set it back to ${OWNER.password}, or delete editor/.data to begin anew.`,
		);
	});
}

function introduce(port: number, { name }: Target): void {
	console.log(`
  http://localhost:${port}/home/workflows

  E-mail    ${OWNER.email}
  Password  ${OWNER.password}

The node asks ${name}.
Press Ctrl-C to stop it.`);
}

main().catch((error: unknown) => {
	console.error(error instanceof Error ? error.message : error);
	process.exit(1);
});
