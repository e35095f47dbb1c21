import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject } from 'n8n-workflow';

import { startSandbox, type Sandbox } from '../../sandbox';
import { photo } from '../../test/support/pictures';
import { installN8n, installTools } from '../harness/install';
import { NODE_TYPE, PACKAGE, tarball, tarballAs } from '../harness/package';
import { root } from '../harness/paths';
import { postPictures } from '../harness/forms';
import { startRegistry, type Registry } from '../harness/registry';
import { Rest } from '../harness/rest';
import { startN8n, type N8nServer } from '../harness/server';
import { temporaryFolder } from '../harness/temporary';
import { currentN8n } from '../harness/versions';
import { publish, saveWorkflow } from '../harness/workflows';
import { webhookWorkflow } from '../harness/webhook';

const EARLIER = '0.0.9';
const { version: PRESENT, dependencies } = JSON.parse(
	readFileSync(join(root, 'package.json'), 'utf8'),
) as { version: string; dependencies: Record<string, string> };

interface InstalledPackage {
	packageName: string;
	installedVersion: string;
	installedNodes: Array<{ name: string; type: string; latestVersion: number }>;
	updateAvailable?: string;
	failedLoading?: boolean;
}

let registry: Registry;
let sandbox: Sandbox;
let n8n: N8nServer;
let rest: Rest;
let installed: string;
let webhook: string;
/** What n8n knows before anything is installed. */
let typesBefore: string[];

beforeAll(async () => {
	await installTools();
	await installN8n(currentN8n);
	registry = await startRegistry();
	await registry.publish(await tarballAs(EARLIER));
	sandbox = await startSandbox();
	const userFolder = temporaryFolder('n8n');
	installed = join(userFolder, '.n8n/nodes/node_modules', PACKAGE);
	const env = await registry.environment();
	n8n = await startN8n({ version: currentN8n, userFolder, env });
	rest = new Rest(n8n.url);
	await rest.signIn();
	typesBefore = await nodeTypes();
});

afterAll(async () => {
	await n8n?.stop();
	await registry?.close();
	await sandbox?.close();
});

async function nodeTypes(): Promise<string[]> {
	const types = await rest.types();
	return types.map(({ name }) => name);
}

/** Sends a photo of 4 MB, and gives the answer. */
async function ask(): Promise<IDataObject> {
	const large = await photo({ width: 4000, height: 3000 });
	const { json } = await postPictures(webhook, [large]);
	return json;
}

const manifest = () =>
	JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as { version: string };

const packages = async () => await rest.call<InstalledPackage[]>('GET', '/rest/community-packages');

it('installs from a registry through Settings › Community nodes', async () => {
	const answer = await rest.call<InstalledPackage>('POST', '/rest/community-packages', {
		name: PACKAGE,
	});
	expect(answer).toMatchObject({
		packageName: PACKAGE,
		installedVersion: EARLIER,
		installedNodes: [{ name: 'Gemma', type: NODE_TYPE, latestVersion: 1 }],
	});
	expect(manifest().version).toBe(EARLIER);
	expect(readdirSync(join(installed, 'node_modules'))).toEqual(
		expect.arrayContaining(Object.keys(dependencies)),
	);
	// Never n8n's own libraries, which would then be there twice.
	expect(existsSync(join(installed, 'node_modules/n8n-workflow'))).toBe(false);
});

it('adds its node, the tool of it and nothing else', async () => {
	const added = (await nodeTypes()).filter((name) => !typesBefore.includes(name));
	expect([...new Set(added)].sort()).toEqual([NODE_TYPE, `${NODE_TYPE}Tool`]);
});

it('runs a picture through sharp and asks about it', async () => {
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	const data = { server: 'nvidia', apiKey, baseUrl, nvcfUrl };
	const credentialId = await rest.createCredential('Gemma account', data);
	const { workflow, path } = webhookWorkflow(credentialId);
	await publish(rest, await saveWorkflow(rest, workflow));
	webhook = `${n8n.url}/webhook/${path}`;
	expect((await ask()).text).toContain('Picture 1: JPEG, 1195 x 896');
});

it('sees the next version, updates to it and keeps the workflows', async () => {
	await registry.publish(await tarball());
	expect(await packages()).toMatchObject([
		{ packageName: PACKAGE, updateAvailable: PRESENT, failedLoading: false },
	]);
	const answer = await rest.call<InstalledPackage>('PATCH', '/rest/community-packages', {
		name: PACKAGE,
	});
	expect(answer.installedVersion).toBe(PRESENT);
	expect(manifest().version).toBe(PRESENT);
	expect((await ask()).text).toContain('Picture 1: JPEG, 1195 x 896');
});

it('is removed without a trace', async () => {
	await rest.call('DELETE', `/rest/community-packages?name=${PACKAGE}`);
	expect(existsSync(installed)).toBe(false);
	expect(await packages()).toEqual([]);
	expect(await nodeTypes()).toEqual(typesBefore);
});
