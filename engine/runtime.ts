import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Core = typeof import('n8n-core');

/** n8n's dependency container, the part used here. */
interface Container {
	get<T>(type: abstract new (...dependencies: never[]) => T): T;
	reset(): void;
}

export interface Runtime {
	core: Core;
	container: Container;
	stop(): Promise<void>;
}

const require = createRequire(__filename);
let running = false;

/**
 * Loads n8n-core into this process the way a server prepares it: its own folder, settings from the
 * environment, encryption key and binary data store. All of it is global to the process, so there
 * is one runtime at a time.
 *
 * @throws Error when another runtime is still open
 */
export async function startRuntime(environment: Record<string, string>): Promise<Runtime> {
	if (running) throw new Error('Another engine is open in this process; close it first');
	running = true;
	const folder = await mkdtemp(join(tmpdir(), 'n8n-engine-'));
	const removeFolder = () => rmSync(folder, { recursive: true, force: true });
	// A program that ends early, by process.exit or an error, leaves nothing behind either.
	process.once('exit', removeFolder);
	// Must stand before n8n-core is loaded: it would write into the home folder otherwise.
	const restoreEnvironment = setEnvironment({
		N8N_USER_FOLDER: folder,
		N8N_ENCRYPTION_KEY: randomBytes(24).toString('base64'),
		N8N_LOG_LEVEL: 'silent',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		// A server lets workflows read ~/.n8n-files only; here they may read what the process may.
		N8N_RESTRICT_FILE_ACCESS_TO: '',
		...environment,
	});
	const core = await import('n8n-core');
	const container = containerOf();
	// An earlier runtime's services still hold its folder and settings.
	container.reset();
	useInstanceKey(core, container);
	await container.get(core.BinaryDataService).init();
	return {
		core,
		container,
		async stop() {
			container.reset();
			restoreEnvironment();
			process.off('exit', removeFolder);
			removeFolder();
			running = false;
		},
	};
}

/** The container comes from n8n-core's own dependencies: a second copy would be an empty one. */
function containerOf(): Container {
	const fromCore = createRequire(require.resolve('n8n-core'));
	return (fromCore('@n8n/di') as { Container: Container }).Container;
}

/** Encrypts credentials with the instance's key, as a server without key rotation does. */
function useInstanceKey(core: Core, container: Container) {
	const settings = container.get(core.InstanceSettings);
	const key = {
		id: 'instance',
		value: container.get(core.Cipher).encryptDEKWithInstanceKey(settings.encryptionKey),
		algorithm: 'aes-256-cbc',
		format: 'no-prefix' as const,
	};
	container.get(core.EncryptionKeyProxy).setProvider({
		getActiveKey: async () => key,
		getLegacyKey: async () => key,
		getKeyById: async (id) => (id === key.id ? key : null),
	});
}

/** Sets variables and returns what puts the former values back. */
function setEnvironment(values: Record<string, string>): () => void {
	const former = Object.keys(values).map((name) => [name, process.env[name]] as const);
	Object.assign(process.env, values);
	return () => {
		for (const [name, value] of former) {
			if (value === undefined) delete process.env[name];
			else process.env[name] = value;
		}
	};
}
