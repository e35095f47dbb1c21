import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { MediaType } from '../gemma';
import type { Picture } from './picture';
import { sniff, SNIFF_BYTES } from './sniff';

/** The last two bytes of a whole file: of the CRC of PNG's IEND chunk, and JPEG's end of image. */
const END: Record<MediaType, Buffer> = {
	'image/png': Buffer.from([0x60, 0x82]),
	'image/jpeg': Buffer.from([0xff, 0xd9]),
};

/**
 * A PNG or JPEG that is sent as it is, straight from a stream: read once for its type, length and
 * hash, and again when it is uploaded, without a copy in memory.
 *
 * @returns nothing when the bytes are neither, or do not end as they should (cut off, or with
 * something behind the picture): then they have to be read as a whole.
 */
export async function streamedPicture(
	open: () => Promise<Readable>,
	bytes: () => Promise<Buffer>,
): Promise<Picture | undefined> {
	const hash = createHash('sha256');
	let head = Buffer.alloc(0);
	let tail = Buffer.alloc(0);
	let length = 0;
	for await (const chunk of await open()) {
		hash.update(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (head.length < SNIFF_BYTES) head = Buffer.concat([head, chunk as Buffer]);
		tail = Buffer.concat([tail, (chunk as Buffer).subarray(-2)]).subarray(-2);
	}
	const sniffed = await sniff(head);
	if (sniffed.kind !== 'accepted' || !END[sniffed.mediaType].equals(tail)) return undefined;
	return { mediaType: sniffed.mediaType, length, hash: hash.digest('hex'), open, bytes };
}
