import type { RequestListener } from 'node:http';
import type { Asset } from './assets';
import type { Fault } from './faults';
import { openHost, type Host } from './host';
import type { LoggedRequest } from './requestLog';
import { serve } from './serve';
import type { SandboxOptions, SandboxSettings } from './settings';
import { SandboxState } from './state';

export type { Asset } from './assets';
export type { Fault } from './faults';
export type { LoggedRequest } from './requestLog';
export type { ExtraRule, SandboxOptions, SandboxSettings } from './settings';

export interface Sandbox {
	/** Root of the chat API, `…/v1`. */
	readonly baseUrl: string;
	/** Root of the asset API and of polling, `…/v2/nvcf`. */
	readonly nvcfUrl: string;
	/** The host that uploads and large results live on. */
	readonly storageUrl: string;
	readonly apiKey: string;
	/** A key that answers 403. */
	readonly forbiddenKey: string;
	/** Every request of both hosts, oldest first; always the same array. */
	readonly requests: LoggedRequest[];
	/** What is up, by asset id; always the same map. */
	readonly assets: Map<string, Asset>;
	/** Change them at any time; the next request follows. */
	readonly settings: SandboxSettings;
	/** Connections open now, on both hosts. */
	readonly openSockets: number;
	/** Queues faults. @throws TypeError for a fault with a field that does not exist */
	fault(...faults: Fault[]): void;
	/** Forgets requests, faults, pending replies and assets; the settings stay. */
	clear(): void;
	/** Ends all connections; resolves when both ports are free. */
	close(): Promise<void>;
}

/**
 * Starts a strict stand-in for NVIDIA's Gemma API on 127.0.0.1. It checks what the real one
 * checks and answers with what it received; no model is behind it.
 *
 * @throws the system's error, `EADDRINUSE` when a port is taken
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const state = new SandboxState(options);
	const open = async (name: LoggedRequest['host'], port = 0): Promise<Host> => {
		const listener: RequestListener = (message, response) => {
			const tcpOf: Host['tcpOf'] = (socket) => host.tcpOf(socket);
			serve({ name, tcpOf }, message, response, state).catch(() => response.destroy());
		};
		const host = await openHost(port, options.tls, listener);
		return host;
	};
	const api = await open('api', options.port);
	const storage = await open('storage', options.storagePort).catch(async (error: unknown) => {
		await api.close();
		return Promise.reject(error);
	});
	state.storageUrl = storage.origin;

	return {
		baseUrl: `${api.origin}/v1`,
		nvcfUrl: `${api.origin}/v2/nvcf`,
		storageUrl: storage.origin,
		...state.keys,
		requests: state.requests,
		assets: state.assets.assets,
		settings: state.settings,
		get openSockets() {
			return api.openSockets() + storage.openSockets();
		},
		fault: (...faults) => state.faults.add(...faults),
		clear: () => state.clear(),
		close: async () => {
			await Promise.all([api.close(), storage.close()]);
		},
	};
}
