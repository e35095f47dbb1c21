/** Where a page has to say how it is written, in bytes; the standard asks for the first 1024. */
const HEAD_BYTES = 4096;

/** The charset that a MIME type names: `text/csv; charset=windows-1251`. */
export const charsetOfType = (mimeType: string): string | undefined =>
	/;\s*charset\s*=\s*["']?([^\s;"']+)/i.exec(mimeType)?.[1];

/** The charset that a page's own `meta` element names. */
export function charsetOfPage(bytes: Uint8Array): string | undefined {
	const found = /<meta\s[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i.exec(headOf(bytes))?.[1];
	// Had it been UTF-16, the element could not have been found.
	return found && /^utf-?16/i.test(found) ? undefined : found;
}

/** The beginning of a file, as far as it is ASCII. */
export const headOf = (bytes: Uint8Array): string =>
	Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
