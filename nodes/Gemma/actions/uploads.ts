import { once } from 'node:events';

import { asCaught, Caught, isItemsOwnEnd } from '../failure';
import type { Picture } from '../images/picture';
import { deleteAssets } from '../transport/assetDeletion';
import { uploadAsset } from '../transport/assets';
import type { Connection } from '../transport/connection';
import type { Network } from '../transport/network';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';

/** The assets of a run: the same bytes are uploaded once, and everything is deleted at the end. */
export class Uploads {
	private readonly byContent = new Map<string, Promise<string>>();
	/** Assets of failed uploads that could not be deleted at once. */
	private left = 0;

	constructor(
		private readonly network: Network,
		private readonly connection: Connection,
	) {}

	/** The id of the asset that holds this picture. @throws Failure of the asset API or the upload. */
	async idOf(picture: Picture, maxRetries: number, limit: TimeLimit): Promise<string> {
		const key = `${picture.mediaType} ${picture.hash}`;
		for (let known; (known = this.byContent.get(key)); ) {
			const outcome = await whileInTime(known, limit).catch(asCaught);
			if (!(outcome instanceof Caught)) return outcome;
			limit.signal.throwIfAborted();
			// The other item ran out of its own time, or was stopped: that says nothing about the picture.
			if (!isItemsOwnEnd(outcome.error)) throw outcome.error;
		}
		const uploadOnce = async () =>
			await uploadAsset(this.network, this.connection, picture, limit, () => this.left++);
		const upload = withRetries(uploadOnce, maxRetries, limit);
		this.byContent.set(key, upload);
		// A failed upload must not stand in the way of the next item's.
		upload.catch(() => this.byContent.delete(key));
		return await upload;
	}

	/** @returns the number of assets of this run that could not be deleted. */
	async deleteAll(): Promise<number> {
		const ids = await Promise.all(this.byContent.values());
		this.byContent.clear();
		const left = await deleteAssets(this.network, this.connection, ids);
		return this.left + left.length;
	}
}

/** Waits for another item's work, and no longer than this item may. */
async function whileInTime<Result>(work: Promise<Result>, { signal }: TimeLimit): Promise<Result> {
	signal.throwIfAborted();
	const aborted = new AbortController();
	const late = once(signal, 'abort', { signal: aborted.signal }).then(() =>
		Promise.reject(signal.reason as Error),
	);
	try {
		return await Promise.race([work, late]);
	} finally {
		late.catch(() => {});
		aborted.abort();
	}
}
