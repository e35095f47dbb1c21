const MARK = '[hidden]';

/** Shorter values are too likely to be ordinary words; blanking those would garble every message. */
const SHORTEST = 4;

/** Where servers and we ourselves cut words, or mask the middle of a key. */
const CUT = /…|\.{3}|\*{3}/g;

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Keeps secrets out of everything that people read: errors, hints and outputs. Knows the API key,
 * the extra header's value and, as they come up, signed upload URLs.
 */
export class Redactor {
	private readonly secrets = new Set<string>();
	/** The longest first: a secret may contain another one. */
	private sorted: string[] = [];

	/** From now on `secret` is blanked, also as it looks in a URL, in JSON, in an HTML page or in base64. */
	hide(secret: string): void {
		if (secret.length < SHORTEST || this.secrets.has(secret)) return;
		const inJson = JSON.stringify(secret).slice(1, -1);
		const inUrl = encodeURIComponent(secret);
		const forms = [
			secret,
			inUrl,
			inUrl.replace(/%../g, (escape) => escape.toLowerCase()),
			inJson,
			inJson.replace(/\//g, '\\/'),
			base64(secret),
			base64(`Bearer ${secret}`),
			// Servers quote the body of another server inside their own.
			JSON.stringify(inJson).slice(1, -1),
			secret.replace(/&/g, '&amp;'),
			secret.replace(/[&<>"]/g, (sign) => HTML[sign]),
		];
		for (const form of forms) this.secrets.add(form);
		this.sorted = [...this.secrets].sort((a, b) => b.length - a.length);
	}

	/** Hides what makes a signed URL work: its long query values, or all of it when it has none. */
	hideUrl(url: string): void {
		const { search, searchParams } = new URL(url);
		// As written, too: whoever quotes the URL quotes its escapes, or escapes them once more.
		const written = search
			.slice(1)
			.split('&')
			.map((pair) => pair.replace(/^[^=]*=/, ''));
		const values = [...written, ...searchParams.values()].filter(({ length }) => length >= 16);
		for (const value of values.length > 0 ? values : [url]) this.hide(value);
	}

	/** For messages: blanks every secret, also one that was cut off by an ellipsis. */
	text(text: string): string {
		return without(this.sorted, text);
	}

	/**
	 * For what the node says by itself, without a word of a server's: a key such as `local`, which
	 * only stands in for one, may be part of it.
	 */
	ownWords(text: string): string {
		return without(this.withoutPlaceholders(), text);
	}

	/** For messages in an object: every string in it, names excepted. */
	deep<T>(value: T): T {
		return mapStrings(value, (text) => this.text(text)) as T;
	}

	/**
	 * For a reply of the model: a key such as `ollama`, which only stands in for one, is a word that
	 * an answer may hold.
	 */
	reply<T>(value: T): T {
		const secrets = this.withoutPlaceholders();
		if (secrets.length === 0) return value;
		const clean = (text: string) => secrets.reduce(blank, text);
		return mapStrings(value, clean, clean) as T;
	}

	/**
	 * How much of the beginning of a growing reply can be redacted by itself: no secret, whole or
	 * begun, reaches across its end.
	 */
	settledLength(text: string): number {
		const secrets = this.withoutPlaceholders();
		let end = text.length;
		for (let start: number | undefined; (start = crossing(text, end, secrets)) !== undefined; )
			end = start;
		return end;
	}

	private withoutPlaceholders(): string[] {
		return this.sorted.filter((secret) => !isPlaceholder(secret));
	}
}

/** Whatever comes behind it may change how it is filled up. */
const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '');

const blank = (text: string, secret: string) => text.split(secret).join(MARK);

/** Where a secret begins that reaches across `end`, or may do so once more text has come. */
function crossing(text: string, end: number, secrets: string[]): number | undefined {
	for (const secret of secrets) {
		for (let start = Math.max(0, end - secret.length + 1); start < end; start++) {
			if (secret.startsWith(text.slice(start, start + secret.length))) return start;
		}
	}
	return undefined;
}

const isPlaceholder = (secret: string) =>
	secret.length < 8 || (secret.length < 10 && !/\d/.test(secret));

function mapStrings(
	value: unknown,
	change: (text: string) => string,
	changeName = (name: string) => name,
): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, change, changeName));
	if (value === null || typeof value !== 'object') return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, entry]) => [
			changeName(name),
			mapStrings(entry, change, changeName),
		]),
	);
}

/** The text without the secrets, and without the beginning of one that was cut. */
function without(secrets: string[], text: string): string {
	const clean = secrets.reduce(blank, text);
	return clean.search(CUT) >= 0 ? secrets.reduce(withoutStart, clean) : clean;
}

/** Words that were cut may end within a secret: its beginning is then blanked as well. */
function withoutStart(text: string, secret: string): string {
	let clean = '';
	let from = 0;
	for (const { index } of text.matchAll(CUT)) {
		const length = startBefore(index, text, from, secret);
		if (length === 0) continue;
		clean += text.slice(from, index - length) + MARK;
		from = index;
	}
	return clean + text.slice(from);
}

/** How many characters before `end`, and not before `from`, are the beginning of the secret. */
function startBefore(end: number, text: string, from: number, secret: string): number {
	for (let length = Math.min(secret.length - 1, end - from); length >= SHORTEST; length--) {
		if (text.startsWith(secret.slice(0, length), end - length)) return length;
	}
	return 0;
}
