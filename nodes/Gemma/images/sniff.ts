import type { MediaType } from '../gemma';

/** What bytes are, whatever a file's name or a header claims. */
export type Sniffed =
	/** Goes to the model as it is. */
	| { kind: 'accepted'; mediaType: MediaType; name: string }
	/** A raster that sharp turns into one that goes. */
	| ({ kind: 'convertible' } & Convertible)
	/** A picture in a form that neither reads. */
	| { kind: 'foreignPicture'; name: string }
	| { kind: 'other'; name: string };

interface Convertible {
	name: string;
	/** Whether people keep drawings and screenshots in it. */
	graphics: boolean;
	/** It may hold several pages of a document. */
	paged?: true;
}

/** file-type's names in a builder's words, where those differ. */
const NAMES: Record<string, string> = {
	'application/pdf': 'a PDF document',
	'image/heic': 'a HEIC picture',
	'image/heif': 'a HEIF picture',
	'image/heic-sequence': 'a HEIC picture',
	'image/heif-sequence': 'a HEIF picture',
	'application/zip': 'a ZIP archive',
	'application/xml': 'an XML text',
};

const CONVERTIBLE: Record<string, Convertible> = {
	'image/webp': { name: 'a WebP picture', graphics: false },
	'image/avif': { name: 'an AVIF picture', graphics: false },
	'image/tiff': { name: 'a TIFF picture', graphics: false, paged: true },
	'image/gif': { name: 'a GIF picture', graphics: true },
};

/** How much of a file tells its type; of pictures, only TIFF may need more. */
export const SNIFF_BYTES = 4100;

/** Reads the type from the first bytes. file-type is loaded with the first picture. */
export async function sniff(bytes: Uint8Array): Promise<Sniffed> {
	const { fileTypeFromBuffer } = await import('file-type');
	const head = bytes.subarray(0, SNIFF_BYTES);
	const tiff = isTiff(bytes);
	const mime: string | undefined =
		(await fileTypeFromBuffer(tiff ? bytes : head))?.mime ?? (tiff ? 'image/tiff' : undefined);
	if (mime === 'image/jpeg')
		return { kind: 'accepted', mediaType: 'image/jpeg', name: 'a JPEG picture' };
	// An animated PNG shows its first frame wherever PNG is read.
	if (mime === 'image/png' || mime === 'image/apng') {
		return { kind: 'accepted', mediaType: 'image/png', name: 'a PNG picture' };
	}
	if (mime && CONVERTIBLE[mime]) return { kind: 'convertible', ...CONVERTIBLE[mime] };
	if (mime?.startsWith('image/')) {
		return { kind: 'foreignPicture', name: NAMES[mime] ?? `a picture of type ${mime}` };
	}
	return sniffText(head, mime);
}

function sniffText(head: Uint8Array, mime: string | undefined): Sniffed {
	const text = textOf(head);
	// A web page may hold drawings too.
	const isHtml = text !== undefined && /^\s*(<!doctype html|<html)/i.test(text);
	if (isHtml) return { kind: 'other', name: 'an HTML page' };
	if (text && /^\s*<(?:[\s\S]*<)?svg[\s>]/i.test(text)) {
		return { kind: 'foreignPicture', name: 'an SVG drawing' };
	}
	if (mime) return { kind: 'other', name: NAMES[mime] ?? `a file of type ${mime}` };
	if (head.length === 0) return { kind: 'other', name: 'an empty file' };
	if (text === undefined) return { kind: 'other', name: 'a file of unknown type' };
	if (/^\s*[{[]/.test(text)) return { kind: 'other', name: 'a JSON text' };
	if (/^(data:image\/|iVBORw0KGgo|\/9j\/|R0lGOD|UklGR)/.test(text)) {
		return { kind: 'other', name: 'a picture written as base64 text' };
	}
	return { kind: 'other', name: 'a text' };
}

/** The directory, which tells a TIFF from a camera's raw file, may stand at the end, and be cut off. */
function isTiff([a, b, c, d]: Uint8Array): boolean {
	const isLittleEndian = a === 0x49 && b === 0x49 && c === 0x2a && d === 0;
	return isLittleEndian || (a === 0x4d && b === 0x4d && c === 0 && d === 0x2a);
}

/** The bytes as text, or nothing when they are none. */
function textOf(head: Uint8Array): string | undefined {
	try {
		// The cut may fall into a character: `stream` lets the decoder wait for the rest of it.
		const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
		const isControl = (character: string) => character < ' ' && !'\t\n\r\f'.includes(character);
		return [...text].some(isControl) ? undefined : text;
	} catch {
		return undefined;
	}
}
