import type { Picture } from '../images/picture';
import { deleteAssets } from '../transport/assetDeletion';
import { uploadAsset } from '../transport/assets';
import type { Connection } from '../transport/connection';
import type { Network } from '../transport/network';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';
import { Shared } from './shared';

/** The assets of a run: the same bytes are uploaded once, and everything is deleted at the end. */
export class Uploads {
	private readonly ids = new Shared<string>();
	/** Assets of failed uploads that could not be deleted at once. */
	private left = 0;

	constructor(
		private readonly network: Network,
		private readonly connection: Connection,
	) {}

	/** The id of the asset that holds this picture. @throws Failure of the asset API or the upload. */
	async idOf(picture: Picture, maxRetries: number, limit: TimeLimit): Promise<string> {
		const { network, connection } = this;
		const uploadOnce = async () =>
			await uploadAsset(network, connection, picture, limit, () => this.left++);
		return await this.ids.of(
			`${picture.mediaType} ${picture.hash}`,
			limit,
			async () => await withRetries(uploadOnce, maxRetries, limit),
		);
	}

	/** @returns the number of assets of this run that could not be deleted. */
	async deleteAll(): Promise<number> {
		const left = await deleteAssets(this.network, this.connection, await this.ids.takeAll());
		return this.left + left.length;
	}
}
