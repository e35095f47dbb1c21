import type { Picture } from '../images/picture';
import { deleteAsset } from '../transport/assetDeletion';
import { uploadAsset } from '../transport/assets';
import type { Connection } from '../transport/connection';
import type { Network } from '../transport/network';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';

/** The assets of a run: the same bytes are uploaded once, and everything is deleted at the end. */
export class Uploads {
	private readonly byContent = new Map<string, Promise<string>>();

	constructor(
		private readonly network: Network,
		private readonly connection: Connection,
	) {}

	/** The id of the asset that holds this picture. @throws Failure of the asset API or the upload. */
	async idOf(picture: Picture, maxRetries: number, limit: TimeLimit): Promise<string> {
		const key = `${picture.mediaType} ${picture.hash}`;
		const known = this.byContent.get(key);
		if (known) return await known;
		const once = async () => await uploadAsset(this.network, this.connection, picture, limit);
		const upload = withRetries(once, maxRetries, limit);
		this.byContent.set(key, upload);
		try {
			return await upload;
		} finally {
			// A failed upload must not stand in the way of the next item's.
			await upload.catch(() => this.byContent.delete(key));
		}
	}

	/** @returns the number of assets that could not be deleted. */
	async deleteAll(): Promise<number> {
		const ids = await Promise.all(this.byContent.values());
		this.byContent.clear();
		const gone = await Promise.all(
			ids.map(async (id) => await deleteAsset(this.network, this.connection, id)),
		);
		return gone.filter((done) => !done).length;
	}
}
