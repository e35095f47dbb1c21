import { inputFailure, shown } from '../failure';
import { URL_FIELD } from './names';

/** Searched for: to match megabytes of what it may hold can overflow the engine's stack. */
const NOT_BASE64 = /[^A-Za-z0-9+/_-]/;

/**
 * The bytes of a data URI (RFC 2397), base64 or percent-encoded. Its media type is not believed.
 *
 * @throws Failure of kind `input`.
 */
export function bytesOfDataUri(uri: string): Buffer {
	const comma = uri.indexOf(',');
	const isWhole = /^data:/i.test(uri) && comma > 0;
	const bytes = isWhole ? decode(uri.slice(0, comma), uri.slice(comma + 1)) : undefined;
	if (bytes && bytes.length > 0) return bytes;
	throw inputFailure(
		URL_FIELD,
		`${URL_FIELD} holds a data URI that cannot be decoded: "${shown(uri)}"`,
		'A data URI looks like data:image/png;base64, followed by nothing but base64.',
	);
}

function decode(head: string, data: string): Buffer | undefined {
	if (!/;\s*base64\s*$/i.test(head)) return decodePercent(data);
	const base64 = data
		.replace(/\s+|%0A|%0D|%20/gi, '')
		.replace(/%2B/gi, '+')
		.replace(/%2F/gi, '/')
		.replace(/%3D/gi, '=');
	const digits = base64.replace(/={1,2}$/, '');
	return NOT_BASE64.test(digits) ? undefined : Buffer.from(digits, 'base64');
}

function decodePercent(data: string): Buffer | undefined {
	if (/%(?![0-9a-f]{2})/i.test(data)) return undefined;
	const latin1 = data.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
		String.fromCharCode(Number.parseInt(hex, 16)),
	);
	return Buffer.from(latin1, 'latin1');
}
