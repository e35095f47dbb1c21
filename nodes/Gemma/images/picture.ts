import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';

import type { MediaType } from '../gemma';
import type { CropPlan } from './cropPlan';
import type { Raster } from './raster';

/** A picture that Gemma accepts: in memory, or a stream that is opened when it is needed. */
export interface Picture {
	mediaType: MediaType;
	/** Bytes. */
	length: number;
	/** SHA-256, in hexadecimal: the same picture in several items is uploaded once. */
	hash: string;
	bytes(): Promise<Buffer>;
	/** The content for an upload; a stream is not copied into memory. */
	open(): Promise<Buffer | Readable>;
	/** Its pixels, where they were decoded on the way. */
	raster?: Raster;
	/** Which view it is, where one picture is sent in several. */
	view?: View;
	/** It was not decoded, because sharp cannot be loaded on this machine. */
	untouched?: boolean;
	/** What was left out of it, for a hint on the run. */
	note?: string;
}

/** How a picture is to be prepared (`options.imageDetail`). */
export type ImageDetail = 'auto' | 'detailed' | 'page' | 'original';

/** The whole of a picture that was cut, or the crop at an index; whole ones come first. */
export interface View extends Pick<CropPlan, 'kind' | 'rows' | 'columns'> {
	/** Row by row; the whole picture has none. */
	index?: number;
}

/** A picture whose bytes are in memory. */
export function inMemory(
	mediaType: MediaType,
	bytes: Buffer,
	more: Pick<Picture, 'raster' | 'view'> = {},
): Picture {
	return {
		mediaType,
		length: bytes.length,
		get hash() {
			return createHash('sha256').update(bytes).digest('hex');
		},
		bytes: async () => bytes,
		open: async () => bytes,
		...more,
	};
}

/** Pixels are tens of times larger than the picture, and can be decoded again. */
export function forgetPixels(pictures: Picture[]): void {
	for (const picture of pictures) delete picture.raster;
}

/** Characters of base64 that the pictures become in a request. */
export const base64Characters = (pictures: Picture[]): number =>
	pictures.reduce((sum, { length }) => sum + Math.ceil(length / 3) * 4, 0);

export const dataUri = async (picture: Picture): Promise<string> =>
	`data:${picture.mediaType};base64,${(await picture.bytes()).toString('base64')}`;
