import type { Readable } from 'node:stream';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

import { inputFailure } from '../failure';
import { BINARY_FIELD } from '../images/names';
import type { Origin } from '../images/unreadable';

/** A binary property of an item, found and ready to be read. */
export interface ItemBinary {
	data: IBinaryData;
	origin: Origin;
	read(): Promise<Buffer>;
	/** Its first bytes; of a file on disk no more than these are read. */
	head(bytes: number): Promise<Buffer>;
}

/** The item's binary fields by name, where n8n keeps them beside the JSON and where inside it. */
export function binaryFields(
	context: IExecuteFunctions,
	itemIndex: number,
): Record<string, IBinaryData> {
	const { binary, json } = context.getInputData()[itemIndex];
	// With the workflow setting "combined" binary data is a value among the others.
	const combined = Object.entries(json ?? {}).filter(
		(entry): entry is [string, IBinaryData & never] => isBinaryData(entry[1]),
	);
	return { ...Object.fromEntries(combined), ...binary };
}

/**
 * The binary field that a name, a path or a binary object stands for.
 *
 * @throws Failure of kind `input` that lists the fields the item has.
 */
export function itemBinary(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string | object,
): ItemBinary {
	const label =
		typeof name === 'string' ? `The binary field "${name}"` : 'The binary object of the expression';
	const origin = { field: BINARY_FIELD, label, inventory: inventory(context, itemIndex) };
	const parameter = name as string;
	const data = findData(context, itemIndex, parameter, origin);
	const { getBinaryDataBuffer, getBinaryStream } = context.helpers;
	const orUnreadable = async (reading: Promise<Buffer>) =>
		await reading.catch((error: NodeJS.ErrnoException) => unreadable(origin, error));
	const read = async () => await orUnreadable(getBinaryDataBuffer(itemIndex, parameter));
	const ofStream = async (id: string, bytes: number) =>
		await firstBytes(await getBinaryStream(id), bytes);
	return {
		data,
		origin,
		read,
		// Without an id n8n keeps the bytes in memory.
		head: async (bytes) =>
			data.id ? await orUnreadable(ofStream(data.id, bytes)) : (await read()).subarray(0, bytes),
	};
}

async function firstBytes(stream: Readable, bytes: number): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop closes the file.
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length >= bytes) break;
	}
	return Buffer.concat(chunks).subarray(0, bytes);
}

function findData(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
	origin: Origin,
): IBinaryData {
	try {
		return context.helpers.assertBinaryData(itemIndex, name);
	} catch {
		return missing(name, origin);
	}
}

function missing(name: unknown, { inventory: has }: Origin): never {
	throw inputFailure(
		BINARY_FIELD,
		typeof name === 'string'
			? `The item has no binary field "${name}". ${has}`
			: `The expression gives no binary field of this item. ${has}`,
		"Enter one of the item's binary fields. Nodes such as Edit Fields drop binary data: place this node right behind the one that gives the file, or switch their 'Include Other Input Fields' on.",
	);
}

function unreadable(
	{ label, inventory: has }: Origin,
	{ message, code }: NodeJS.ErrnoException,
): never {
	throw inputFailure(
		BINARY_FIELD,
		`${label} could not be read from n8n's storage: ${message}. ${has}`,
		code === 'ERR_FS_FILE_TOO_LARGE'
			? 'Make the file smaller before it comes here, or split it.'
			: 'Run the node before this one again: n8n deletes the files of old executions.',
	);
}

/** What the item holds, as a sentence. */
function inventory(context: IExecuteFunctions, itemIndex: number): string {
	const fields = Object.entries(binaryFields(context, itemIndex));
	if (fields.length === 0) return 'It has none';
	const list = fields.map(
		([name, { fileName, mimeType }]) =>
			`${name} (${[fileName, mimeType].filter(Boolean).join(', ')})`,
	);
	return `The item's binary fields: ${list.join('; ')}`;
}

function isBinaryData(value: unknown): boolean {
	if (typeof value !== 'object' || value === null) return false;
	const { mimeType, data, id } = value as Partial<IBinaryData>;
	return typeof mimeType === 'string' && (typeof data === 'string' || typeof id === 'string');
}
