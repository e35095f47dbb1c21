export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON; gives `undefined` for anything that is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** The first key of `value` that is not among `known`. */
export function unknownKey(value: JsonObject, known: readonly string[]): string | undefined {
	return Object.keys(value).find((key) => !known.includes(key));
}
