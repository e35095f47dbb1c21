import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';
import { installN8n, installTools } from './install';
import { installPackage } from './package';
import { Rest } from './rest';
import { startN8n, type N8nServer } from './server';
import { temporaryFolder } from './temporary';
import type { N8nVersion } from './versions';

/** An n8n with the package, an owner, and a credential for a sandbox of its own. */
export interface Bench {
	readonly n8n: N8nServer;
	readonly rest: Rest;
	readonly sandbox: Sandbox;
	readonly credentialId: string;
	/** Ends n8n and starts it again with what it has kept, on the same port. */
	restart(env?: NodeJS.ProcessEnv): Promise<void>;
	close(): Promise<void>;
}

/** @throws Error with what n8n or npm wrote when one of them fails. */
export async function openBench(
	version: N8nVersion,
	{ env, ...options }: SandboxOptions & { env?: NodeJS.ProcessEnv } = {},
): Promise<Bench> {
	if (version.needsNode24) await installTools();
	await installN8n(version);
	const userFolder = temporaryFolder('n8n');
	await installPackage(userFolder);
	const sandbox = await startSandbox(options);
	let n8n = await startN8n({ version, userFolder, env });
	const rest = new Rest(n8n.url);
	await rest.signIn();
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	const data = { server: 'nvidia', apiKey, baseUrl, nvcfUrl };
	const credentialId = await rest.createCredential('Gemma account', data);
	return {
		get n8n() {
			return n8n;
		},
		rest,
		sandbox,
		credentialId,
		restart: async (more) => {
			await n8n.stop();
			n8n = await startN8n({ version, userFolder, env: { ...env, ...more }, port: n8n.port });
			await rest.signIn();
		},
		close: async () => {
			await n8n.stop();
			await sandbox.close();
		},
	};
}
