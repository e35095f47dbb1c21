import { isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What a text file may begin with, and what it then is. */
const MARKS: Array<[bytes: number[], encoding: string]> = [
	[[0xef, 0xbb, 0xbf], 'utf-8'],
	[[0xff, 0xfe], 'utf-16le'],
	[[0xfe, 0xff], 'utf-16be'],
];

/** Whether the first bytes say that a text in Unicode follows. */
export const hasByteOrderMark = (bytes: Uint8Array): boolean => markOf(bytes) !== undefined;

/** Whether the bytes are UTF-8 without control characters, which files of other kinds never are for long. */
export const isPlainText = (bytes: Uint8Array): boolean =>
	isUtf8(bytes) && !bytes.some((byte) => byte < 0x20 && !BLANKS.includes(byte));

/** Tab, line feed, form feed and carriage return. */
const BLANKS = [0x09, 0x0a, 0x0c, 0x0d];

/**
 * The text of a file: by its byte order mark, else UTF-8, else in the charset that it is said to
 * have, else what Windows wrote before that.
 *
 * @param declared a charset as MIME types and pages name it; one that is unknown is passed over.
 * @returns nothing when the bytes are no text.
 */
export function decodeText(bytes: Uint8Array, declared?: string): string | undefined {
	const mark = markOf(bytes);
	const text = mark ? new TextDecoder(mark[1]).decode(bytes) : unmarked(bytes, declared);
	return text.includes('\0') ? undefined : text;
}

const markOf = (bytes: Uint8Array) =>
	MARKS.find(([start]) => start.every((byte, index) => bytes[index] === byte));

function unmarked(bytes: Uint8Array, declared: string | undefined): string {
	const couldBeUtf8 = isUtf8(bytes);
	// UTF-16 and ISO-2022-JP may look like ASCII; what is more than ASCII is UTF-8 by no accident.
	const isCertain = couldBeUtf8 && bytes.some((byte) => byte > 0x7f);
	const decoder =
		(isCertain ? undefined : named(declared)) ??
		new TextDecoder(couldBeUtf8 ? 'utf-8' : 'windows-1252');
	return whole(decoder, bytes);
}

function named(charset: string | undefined): TextDecoder | undefined {
	if (charset === undefined) return undefined;
	try {
		const decoder = new TextDecoder(charset);
		return decoder.encoding === 'utf-8' ? undefined : decoder;
	} catch {
		return undefined;
	}
}

/** Without `stream`, Node 20 and 22 take a short cut that reads ISO-8859-1 and loses € and “. */
const whole = (decoder: TextDecoder, bytes: Uint8Array): string =>
	decoder.decode(bytes, { stream: true }) + decoder.decode();
