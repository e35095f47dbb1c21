/** What a text file may begin with, and what it then is. */
const MARKS: Array<[bytes: number[], encoding: string]> = [
	[[0xef, 0xbb, 0xbf], 'utf-8'],
	[[0xff, 0xfe], 'utf-16le'],
	[[0xfe, 0xff], 'utf-16be'],
];

/** Whether the first bytes say that a text in Unicode follows. */
export const hasByteOrderMark = (bytes: Uint8Array): boolean => markOf(bytes) !== undefined;

/**
 * The text of a file: by its byte order mark, else UTF-8, else what Windows wrote before that.
 *
 * @returns nothing when the bytes are no text.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
	const mark = markOf(bytes);
	const text = mark ? new TextDecoder(mark[1]).decode(bytes) : utf8Or1252(bytes);
	return text.includes('\0') ? undefined : text;
}

const markOf = (bytes: Uint8Array) =>
	MARKS.find(([start]) => start.every((byte, index) => bytes[index] === byte));

function utf8Or1252(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		// Without `stream`, Node 20 and 22 take a short cut that reads ISO-8859-1 and loses € and “.
		return new TextDecoder('windows-1252').decode(bytes, { stream: true });
	}
}
