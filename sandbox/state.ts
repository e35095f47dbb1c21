import { AssetStore } from './assets';
import { FaultQueue } from './faults';
import { DEFAULT_KEYS, type Keys } from './keys';
import { PendingReplies } from './pending';
import type { LoggedRequest } from './requestLog';
import { toSettings, type SandboxOptions, type SandboxSettings } from './settings';

/** All that one sandbox remembers. */
export class SandboxState {
	readonly settings: SandboxSettings;
	readonly keys: Keys;
	readonly requests: LoggedRequest[] = [];
	readonly faults = new FaultQueue();
	readonly assets = new AssetStore(() => this.settings.clock());
	readonly pending = new PendingReplies(() => this.storageUrl);
	/** Known once the storage host listens. */
	storageUrl = '';

	constructor(options: SandboxOptions) {
		this.settings = toSettings(options);
		this.keys = {
			apiKey: options.apiKey ?? DEFAULT_KEYS.apiKey,
			forbiddenKey: options.forbiddenKey ?? DEFAULT_KEYS.forbiddenKey,
		};
	}

	/** Forgets requests, faults, pending replies and assets; the settings stay. */
	clear(): void {
		this.requests.length = 0;
		this.faults.clear();
		this.pending.clear();
		this.assets.assets.clear();
	}
}
