import { inputFailure, shown } from '../failure';
import { textOf } from '../json';

/** Ids are UUIDs; anything else would end up as it is in a tag of the prompt and in a header. */
const ID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * The ids of assets that the user names: comma-separated, or an array.
 *
 * @throws Failure of kind `input` when there is none, or something else among them.
 */
export function assetIds(field: string, value: unknown): string[] {
	const entries: unknown[] = Array.isArray(value) ? value : textOf(value).split(',');
	const ids = entries.map((entry) => textOf(entry).trim()).filter((id) => id !== '');
	if (ids.length === 0) {
		throw inputFailure(
			field,
			`${field} is empty`,
			'Enter the assetId that the operation Upload Asset gave.',
		);
	}
	const odd = ids.find((id) => !ID.test(id));
	if (odd === undefined) return ids;
	throw inputFailure(
		field,
		`${field} holds "${shown(odd)}", which is not the ID of an asset`,
		'An ID looks like 3f8c9f0e-5d1e-4c0a-9a51-0f5a4b7d2c11; the operation Upload Asset gives it as assetId.',
	);
}
