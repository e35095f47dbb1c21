/** How the pictures of a request travel: in the request itself, or uploaded before it. */
export type Road = 'inline' | 'asset';

/** `options.imageTransfer`. */
export type ImageTransfer = 'auto' | Road;

/** NVIDIA's documented limit on inline pictures, in characters of base64 a request. */
export const INLINE_CHARACTERS = 180_000;

/** What a run has learned about its server; it holds until the run ends. */
export class RoadLessons {
	/** Models that refused inline pictures for their size. */
	private readonly inlineTooLarge = new Set<string>();
	/** Models that did not see a picture that was sent as an asset. */
	private readonly assetsUnseen = new Set<string>();
	private assetApiDown = false;

	learnInlineTooLarge(model: string): void {
		this.inlineTooLarge.add(model);
	}

	learnAssetsUnseen(model: string): void {
		this.assetsUnseen.add(model);
	}

	learnAssetApiDown(): void {
		this.assetApiDown = true;
	}

	/** Whether `model` has not yet refused inline pictures for their size. */
	inlineMayWork(model: string): boolean {
		return !this.inlineTooLarge.has(model);
	}

	/** Whether nothing so far speaks against sending `count` pictures to `model` as assets. */
	assetsMayWork(model: string, count: number, mostAssets: number): boolean {
		return !this.assetApiDown && !this.assetsUnseen.has(model) && count <= mostAssets;
	}

	/** The road that `auto` takes for pictures that come to `characters` of base64. */
	road(model: string, characters: number, count: number, mostAssets: number): Road {
		if (!this.assetsMayWork(model, count, mostAssets)) return 'inline';
		return characters > INLINE_CHARACTERS || this.inlineTooLarge.has(model) ? 'asset' : 'inline';
	}
}
