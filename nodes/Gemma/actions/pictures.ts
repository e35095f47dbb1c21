import type { IExecuteFunctions } from 'n8n-workflow';

import { inputFailure } from '../failure';
import { seesOneSquare } from '../gemma';
import { bytesOfDataUri } from '../images/dataUri';
import { binaryNames, BINARY_FIELD, imageUrls, URL_FIELD } from '../images/names';
import type { Picture } from '../images/picture';
import { inSeries } from '../images/series';
import { sniff, SNIFF_BYTES } from '../images/sniff';
import { streamedPicture } from '../images/streamedPicture';
import type { Origin } from '../images/unreadable';
import { prepareViews } from '../images/views';
import { download } from '../transport/download';
import { hostOf } from '../transport/exchange';
import { withRetries } from '../transport/retry';
import type { TimeLimit } from '../transport/timeLimit';
import { binaryFields, itemBinary, type ItemBinary } from './itemBinary';
import type { Options } from './options';
import type { Session } from './session';

/**
 * The pictures that the item's image input names, prepared for the model, in the order given; each
 * with its crops behind it, where they are wanted.
 *
 * @throws Failure of kind `input` for what is no picture; of other kinds from a download.
 */
export async function itemPictures(
	context: IExecuteFunctions,
	itemIndex: number,
	{ network, preparing }: Pick<Session, 'network' | 'preparing'>,
	{ input, imageDetail: detail, maxCrops, maxRetries, model }: PictureOptions,
	limit: TimeLimit,
): Promise<Picture[]> {
	const wanted = { detail, maxCrops, square: seesOneSquare(model) };
	const prepare: Prepare = async (read, origin) =>
		await preparing.pass(limit, async () => await prepareViews(await read(), wanted, origin));
	const fetch = async (url: string) =>
		await withRetries(async () => await download(network, url, limit), maxRetries, limit);
	const parameter = (name: string, fallback: string) =>
		context.getNodeParameter(name, itemIndex, fallback);
	if (input === 'url') return await fromUrls(parameter('imageUrls', ''), fetch, prepare);
	const fields =
		input === 'allBinary'
			? await pictureFields(context, itemIndex)
			: binaryNames(parameter('binaryPropertyName', 'data')).map((name) =>
					itemBinary(context, itemIndex, name),
				);
	const views = await oneByOne(fields, async (field) => {
		const streamed = detail === 'original' && (await fromStream(context, field));
		return streamed ? [streamed] : await prepare(field.read, field.origin);
	});
	return views.flat();
}

type PictureOptions = Pick<Options, 'imageDetail' | 'maxCrops' | 'maxRetries'> & {
	/** Where the pictures come from (`imageInput`). */
	input: 'binary' | 'allBinary' | 'url';
	model: string;
};

/** Gives the views in which a picture is sent. */
type Prepare = (read: () => Promise<Buffer>, origin: Origin) => Promise<Picture[]>;

/** @returns nothing when n8n keeps the bytes in memory, or they have to be read as a whole. */
async function fromStream(
	context: IExecuteFunctions,
	{ data: { id }, read }: ItemBinary,
): Promise<Picture | undefined> {
	if (!id) return undefined;
	const open = async () => await context.helpers.getBinaryStream(id);
	return await streamedPicture(open, read).catch(() => undefined);
}

/** Every field whose bytes are a picture; one that is none, a PDF beside the photos say, is passed over. */
async function pictureFields(context: IExecuteFunctions, itemIndex: number): Promise<ItemBinary[]> {
	const names = inSeries(Object.keys(binaryFields(context, itemIndex)));
	const fields = names.map((name) => itemBinary(context, itemIndex, name));
	const found = await oneByOne(fields, async (field) => {
		const { kind } = await sniff(await field.head(SNIFF_BYTES));
		return kind === 'other' ? undefined : field;
	});
	const pictures = found.filter((field) => field !== undefined);
	if (pictures.length > 0) return pictures;
	throw inputFailure(
		BINARY_FIELD,
		`No binary field of the item holds a picture. ${fields[0]?.origin.inventory ?? 'It has none'}`,
		'Place this node right behind the one that gives the pictures, or set Image Input to URL(s).',
	);
}

async function fromUrls(
	value: unknown,
	fetch: (url: string) => Promise<Buffer>,
	prepare: Prepare,
): Promise<Picture[]> {
	const views = await oneByOne(imageUrls(value), async (url) => {
		const isData = /^data:/i.test(url);
		const bytes = isData ? bytesOfDataUri(url) : await fetch(url);
		const label = isData ? 'The data URI' : `The address at ${hostOf(url)}`;
		return await prepare(async () => bytes, { field: URL_FIELD, label, inventory: '' });
	});
	return views.flat();
}

/** In order, one at a time: a large picture takes much memory while it is decoded. */
async function oneByOne<From, To>(
	entries: From[],
	work: (entry: From) => Promise<To>,
): Promise<To[]> {
	const results: To[] = [];
	for (const entry of entries) results.push(await work(entry));
	return results;
}
