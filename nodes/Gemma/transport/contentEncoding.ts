import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** The codings of RFC 9110, section 8.4.1, and Brotli's. */
const DECODERS: Record<string, () => Transform> = {
	gzip: createGunzip,
	'x-gzip': createGunzip,
	deflate: createInflate,
	br: createBrotliDecompress,
};

/** Makes the stream that undoes a body's coding; nothing where there is none that is known. */
export function decoderFor(encoding = ''): Transform | undefined {
	const name = encoding.trim().toLowerCase();
	return Object.hasOwn(DECODERS, name) ? DECODERS[name]() : undefined;
}

/**
 * The chunks of a compressed body, decompressed as they come: no more of them is held than one
 * piece. A reader that stops early leaves the rest of the body to be read by others.
 *
 * @throws the errors of the body, and those of zlib.
 */
export async function* decompressed(
	body: Readable,
	decoder: Transform,
): AsyncGenerator<Uint8Array> {
	// pipe() passes on the data and the end, no errors.
	const onError = (error: Error) => decoder.destroy(error);
	body.on('error', onError).pipe(decoder);
	try {
		for await (const chunk of decoder) yield chunk as Uint8Array;
	} finally {
		body.off('error', onError).unpipe(decoder);
		decoder.destroy();
	}
}
