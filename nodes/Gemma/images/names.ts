import { inputFailure, shown } from '../failure';
import { textOf } from '../json';

export const BINARY_FIELD = 'Input Data Field Name(s)';
export const URL_FIELD = 'URL(s)';

/** A field name this long is no name. */
const LONGEST_NAME = 200;
/** What base64 of a PNG, JPEG, GIF, WebP or PDF begins with. */
const BASE64_START = /^(iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|JVBERi)/;

/**
 * The binary fields that the user names: comma-separated, blanks trimmed, or an array. An entry
 * may also be a binary object itself, as `$binary.data` gives one.
 *
 * @throws Failure of kind `input` when there is no name, or base64 in place of one.
 */
export function binaryNames(value: unknown): Array<string | object> {
	const entries = Array.isArray(value) ? value : splitNames(value);
	const names = entries.map((entry: unknown) =>
		typeof entry === 'object' && entry !== null ? entry : nameOf(entry),
	);
	const given = names.filter((name) => name !== '');
	if (given.length > 0) return given;
	throw inputFailure(
		BINARY_FIELD,
		`${BINARY_FIELD} is empty`,
		"Enter the name of the item's binary field, for example data; see the Binary tab of the input.",
	);
}

/**
 * The addresses that the user names: separated by commas, blanks or line ends, split only before
 * `http://`, `https://` or `data:` (an address may hold commas itself), or an array.
 *
 * @throws Failure of kind `input` when there is none, or something else among them.
 */
export function imageUrls(value: unknown): string[] {
	const entries = Array.isArray(value)
		? value
		: textOf(value).split(/[,\s](?=\s*(?:https?:\/\/|data:))/i);
	const urls = entries.map((entry: unknown) =>
		textOf(entry)
			.replace(/[\s,]+$/, '')
			.trim(),
	);
	const given = urls.filter((url) => url !== '');
	if (given.length === 0) {
		throw inputFailure(
			URL_FIELD,
			`${URL_FIELD} is empty`,
			'Enter one or several addresses that begin with https://, or a data URI.',
		);
	}
	const odd = given.find((url) => !/^data:/i.test(url) && !isWebAddress(url));
	if (odd === undefined) return given;
	throw inputFailure(
		URL_FIELD,
		`${URL_FIELD} holds something that is not a web address: "${shown(odd)}"`,
		'An address begins with http:// or https://; a data URI with data:image/…;base64,',
	);
}

function splitNames(value: unknown): unknown[] {
	if (typeof value === 'object' && value !== null) return [value];
	const text = String(value ?? '');
	// A data URI holds a comma of its own.
	return /^\s*data:/i.test(text) ? [text] : text.split(',');
}

function nameOf(entry: unknown): string {
	const name = String(entry ?? '').trim();
	if (/^data:/i.test(name) || BASE64_START.test(name) || name.length > LONGEST_NAME) {
		throw inputFailure(
			BINARY_FIELD,
			`${BINARY_FIELD} holds the picture itself (${name.length} characters), not the name of a binary field`,
			"Turn the base64 into a file with a Convert to File node ('Move Base64 String to File') and enter that field's name here, or set Image Input to URL(s) and give it as a data URI.",
		);
	}
	return name;
}

function isWebAddress(text: string): boolean {
	return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
