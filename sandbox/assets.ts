import { randomBytes, randomUUID } from 'node:crypto';
import { ACCOUNT } from './account';
import { problem } from './refusal';

const HOUR_MS = 3_600_000;
/** An asset that nobody deletes lives this long. */
export const ASSET_LIFE_MS = 24 * HOUR_MS;
/** An upload URL is good for this long. */
export const UPLOAD_LIFE_MS = HOUR_MS / 2;

export interface Asset {
	contentType: string;
	description: string;
	/** Missing until the upload. */
	bytes?: Buffer;
	/** Milliseconds since 1970, by the sandbox's clock. */
	createdAt: number;
	uploaded: boolean;
	/** What the upload URL carries as `X-Amz-Signature`. */
	signature: string;
}

/** The account's assets; those past their 24 hours are gone at the next look. */
export class AssetStore {
	readonly assets = new Map<string, Asset>();

	constructor(private readonly clock: () => number) {}

	create(contentType: string, description: string): { id: string; asset: Asset } {
		const id = randomUUID();
		const asset: Asset = {
			contentType,
			description,
			createdAt: this.clock(),
			uploaded: false,
			signature: randomBytes(32).toString('hex'),
		};
		this.assets.set(id, asset);
		return { id, asset };
	}

	list(): Array<[string, Asset]> {
		for (const [id, asset] of this.assets) {
			if (this.age(asset) >= ASSET_LIFE_MS) this.assets.delete(id);
		}
		return [...this.assets];
	}

	find(id: string): Asset | undefined {
		return this.list().find(([candidate]) => candidate === id)?.[1];
	}

	/** @throws Refusal 404 when there is no such asset, or no longer */
	get(id: string): Asset {
		const asset = this.find(id);
		if (!asset) throw problem(404, `Asset '${id}' does not exist for account '${ACCOUNT}'`);
		return asset;
	}

	/** Milliseconds since the asset was created. */
	age(asset: Asset): number {
		return this.clock() - asset.createdAt;
	}
}
