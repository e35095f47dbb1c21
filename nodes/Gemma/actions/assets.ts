import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { textOf } from '../conversation/turn';
import { asCaught, Caught, Failure, inputFailure } from '../failure';
import { optionDefault } from '../fields/options';
import { assetIds } from '../images/assetIds';
import { binaryNames } from '../images/names';
import { preparePicture } from '../images/prepare';
import { deleteAssets, deleteNamed } from '../transport/assetDeletion';
import { getAsset, listAssets, type AssetRecord } from '../transport/assetRecords';
import { uploadAsset } from '../transport/assets';
import { withRetries } from '../transport/retry';
import { startTimeLimit, type TimeLimit } from '../transport/timeLimit';
import { itemBinary, type ItemBinary } from './itemBinary';
import type { Session } from './session';
import { booleanValue, choiceValue, numberValue } from './values';
import { pairedWith, type Work } from './work';

const RETRIES = Number(optionDefault('maxRetries'));
const LONGEST_DESCRIPTION = 200;
const DETAILS_AT_ONCE = 8;
const HOUR_MS = 3_600_000;

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
			const one = await uploadOne(session, field, description, limit).catch(asCaught);
			if (!(one instanceof Caught)) output.push(one);
			else return await takeBack(session, output, one.error);
		}
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
): Promise<Uploaded> {
	const { network, connection, preparing } = session;
	const { mediaType, length, open } = await preparing.pass(
		async () => await preparePicture(await read(), 'auto', origin),
	);
	const content = { mediaType, length, open, ...(description && { description }) };
	const once = async () =>
		await uploadAsset(network, connection, content, limit, () => noteLeft(session));
	const assetId = await withRetries(once, RETRIES, limit);
	return { assetId, contentType: mediaType, bytes: length };
}

/** The ids of what is up would be lost with the failure. @throws always. */
async function takeBack({ network, connection }: Session, up: Uploaded[], error: unknown) {
	await deleteAssets(
		network,
		connection,
		up.map(({ assetId }) => assetId),
	);
	return await Promise.reject<never>(error);
}

/** One output item for each asset of the account. @throws Failure. */
export async function getAll(work: Work): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = work;
	const all = booleanValue('Return All', parameter(context, itemIndex, 'returnAll', false));
	const most = all
		? Infinity
		: numberValue('Limit', parameter(context, itemIndex, 'limit', 50), { min: 1, integer: true });
	return await onNvidia(work, async (session, limit) => {
		const listed = await records(session, limit, most);
		return listed.map(({ assetId, contentType, description, createdAt }) => ({
			assetId,
			...(contentType && { contentType }),
			...(description && { description }),
			...(createdAt && { createdAt }),
		}));
	});
}

/** One output item that tells what was deleted. @throws Failure. */
export async function remove(work: Work): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = work;
	const by = choiceValue('Delete By', parameter(context, itemIndex, 'deleteBy', 'id'), [
		'id',
		'age',
	]);
	if (by === 'age') {
		const hours = parameter(context, itemIndex, 'olderThanHours', 1);
		const oldest = numberValue('Older Than (Hours)', hours, { min: 0 }) * HOUR_MS;
		return await onNvidia(work, async (session, limit) => [
			await removeOlder(session, limit, oldest),
		]);
	}
	const [assetId] = assetIds('Asset ID', parameter(context, itemIndex, 'assetId', ''));
	return await onNvidia(work, async ({ network, connection }, limit) => {
		const once = async () => await deleteNamed(network, connection, assetId, limit);
		await withRetries(once, RETRIES, limit);
		return [{ deleted: 1, assetIds: [assetId] }];
	});
}

async function removeOlder(session: Session, limit: TimeLimit, ageMs: number) {
	const listed = await records(session, limit, Infinity);
	const bornBefore = Date.now() - ageMs;
	// An asset without a date is nobody's to judge: it stays.
	const old = listed.filter(({ createdAt }) => Date.parse(createdAt ?? '') <= bornBefore);
	const ids = old.map(({ assetId }) => assetId);
	const left = await deleteAssets(session.network, session.connection, ids, limit);
	limit.signal.throwIfAborted();
	const gone = ids.filter((id) => !left.includes(id));
	return { deleted: gone.length, assetIds: gone, ...(left.length > 0 && { notDeleted: left }) };
}

/** The account's assets with their particulars, which some servers tell of each asset alone. */
async function records(
	{ network, connection }: Session,
	limit: TimeLimit,
	most: number,
): Promise<AssetRecord[]> {
	const list = async () => await listAssets(network, connection, limit);
	const listed = (await withRetries(list, RETRIES, limit)).slice(0, most);
	const bare = listed.flatMap(({ createdAt }, index) => (createdAt ? [] : [index]));
	const worker = async () => {
		for (let index = bare.shift(); index !== undefined; index = bare.shift()) {
			const { assetId } = listed[index];
			const once = async () => await getAsset(network, connection, assetId, limit);
			const told = await withRetries(once, RETRIES, limit).catch(asCaught);
			if (!(told instanceof Caught)) listed[index] = told;
			// It may have been deleted since the list was made.
			else if (statusOf(told.error) !== 404) throw told.error;
		}
	};
	await Promise.all(Array.from({ length: DETAILS_AT_ONCE }, worker));
	return listed;
}

/** @throws Failure of kind `input` for a server without assets, before anything is sent. */
async function onNvidia(
	{ session, items }: Work,
	work: (session: Session, limit: TimeLimit) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[]> {
	assertAssetsExist(session);
	const seconds = (name: string) => Number(optionDefault(name));
	const limit = startTimeLimit(
		{ timeoutSeconds: seconds('timeout'), idleSeconds: seconds('idleTimeout') },
		session.signal,
	);
	try {
		const pairedItem = pairedWith(items);
		return (await work(session, limit)).map((json) => ({ json, pairedItem }));
	} finally {
		limit.end();
	}
}

/** @throws Failure of kind `input` when the credential's server has no asset API. */
export function assertAssetsExist({ connection }: Pick<Session, 'connection'>): void {
	if (connection.server === 'nvidia') return;
	throw inputFailure(
		'Server',
		"The credential's server is OpenAI-compatible, and assets exist on NVIDIA's hosted API only",
		'Pick a credential for NVIDIA, or give the pictures as binary fields or URLs.',
	);
}

const statusOf = (error: unknown) =>
	error instanceof Failure && error.facts.kind === 'refused' ? error.facts.status : undefined;

const parameter = (context: IExecuteFunctions, item: number, name: string, otherwise: unknown) =>
	context.getNodeParameter(name, item, otherwise as string) as unknown;

const noteLeft = ({ hints }: Session) =>
	hints.add('An upload that failed may have left an asset; NVIDIA deletes it after 24 hours.');

/** The description travels in a header of the upload. */
const printable = (value: unknown): string =>
	textOf(value)
		.trim()
		.replace(/[^ -~]/g, '_')
		.slice(0, LONGEST_DESCRIPTION);
