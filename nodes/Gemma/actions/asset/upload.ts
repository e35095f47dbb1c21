import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { asCaught, Caught } from '../../failure';
import { binaryNames } from '../../images/names';
import { preparePicture } from '../../images/prepare';
import { textOf } from '../../json';
import { deleteAssets } from '../../transport/assetDeletion';
import { uploadAsset } from '../../transport/assets';
import { withRetries } from '../../transport/retry';
import type { TimeLimit } from '../../transport/timeLimit';
import { itemBinary, type ItemBinary } from '../itemBinary';
import type { Session } from '../session';
import type { Work } from '../work';
import { onNvidia, parameter, RETRIES } from './onNvidia';

const LONGEST_DESCRIPTION = 200;

/** One output item for each picture: `{ assetId, contentType, bytes }`. @throws Failure. */
export async function upload(work: Work): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = work;
	const fields = binaryNames(parameter(context, itemIndex, 'binaryPropertyName', 'data')).map(
		(name) => itemBinary(context, itemIndex, name),
	);
	const description = printable(parameter(context, itemIndex, 'description', ''));
	return await onNvidia(work, async (session, limit) => {
		const output: Uploaded[] = [];
		for (const field of fields) {
			const one = await uploadOne(session, field, description, limit, itemIndex).catch(asCaught);
			if (!(one instanceof Caught)) output.push(one);
			else return await takeBack(session, output, one.error);
		}
		session.handedOut.push(...output.map(({ assetId }) => assetId));
		return output;
	});
}

interface Uploaded extends IDataObject {
	assetId: string;
	contentType: string;
	bytes: number;
}

async function uploadOne(
	session: Session,
	{ read, origin }: ItemBinary,
	description: string,
	limit: TimeLimit,
	itemIndex: number,
): Promise<Uploaded> {
	const { network, connection, preparing } = session;
	const { mediaType, length, open, note } = await preparing.pass(
		limit,
		async () => await preparePicture(await read(), 'auto', origin),
	);
	const content = { mediaType, length, open, ...(description && { description }) };
	const once = async () =>
		await uploadAsset(network, connection, content, limit, () => noteLeft(session));
	const assetId = await withRetries(once, RETRIES, limit);
	if (note) session.hints.add(note, itemIndex);
	return { assetId, contentType: mediaType, bytes: length };
}

/** The ids of what is up would be lost with the failure. @throws always. */
async function takeBack(session: Session, up: Uploaded[], error: unknown) {
	const ids = up.map(({ assetId }) => assetId);
	const left = await deleteAssets(session.network, session.connection, ids);
	if (left.length > 0) noteLeft(session);
	return await Promise.reject<never>(error);
}

const noteLeft = ({ hints }: Session) =>
	hints.add('An upload that failed may have left an asset; NVIDIA deletes it after 24 hours.');

/** The description travels in a header of the upload. */
const printable = (value: unknown): string =>
	textOf(value)
		.trim()
		.replace(/[^ -~]/g, '_')
		.slice(0, LONGEST_DESCRIPTION);
