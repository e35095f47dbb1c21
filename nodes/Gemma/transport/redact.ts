const MARK = '[hidden]';

/** Shorter values are too likely to be ordinary words; blanking those would garble every message. */
const SHORTEST = 4;

const HTML: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/**
 * Keeps secrets out of everything that people read: errors, hints and outputs. Knows the API key,
 * the extra header's value and, as they come up, signed upload URLs.
 */
export class Redactor {
	private readonly secrets = new Set<string>();
	/** The longest first: a secret may contain another one. */
	private sorted: string[] = [];

	/** From now on `secret` is blanked, also as it looks in a URL, in JSON or in an HTML page. */
	hide(secret: string): void {
		if (secret.length < SHORTEST || this.secrets.has(secret)) return;
		const inJson = JSON.stringify(secret).slice(1, -1);
		const forms = [
			secret,
			encodeURIComponent(secret),
			inJson,
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
		const clean = this.sorted.reduce(blank, text);
		return clean.includes('…') ? this.sorted.reduce(withoutStart, clean) : clean;
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
		const secrets = this.replySecrets();
		if (secrets.length === 0) return value;
		const clean = (text: string) => secrets.reduce(blank, text);
		return mapStrings(value, clean, clean) as T;
	}

	/**
	 * How much of the beginning of a growing reply can be redacted by itself: no secret, whole or
	 * begun, reaches across its end.
	 */
	settledLength(text: string): number {
		const secrets = this.replySecrets();
		let end = text.length;
		for (let start: number | undefined; (start = crossing(text, end, secrets)) !== undefined; )
			end = start;
		return end;
	}

	private replySecrets(): string[] {
		return this.sorted.filter((secret) => !isPlaceholder(secret));
	}
}

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

/** Words that were cut may end within a secret: its beginning is then blanked as well. */
function withoutStart(text: string, secret: string): string {
	for (let at = text.indexOf('…'); at >= 0; at = text.indexOf('…', at + 1)) {
		for (let length = Math.min(secret.length - 1, at); length >= SHORTEST; length--) {
			if (!text.startsWith(secret.slice(0, length), at - length)) continue;
			const clean = `${text.slice(0, at - length)}${MARK}`;
			text = clean + text.slice(at);
			at = clean.length;
			break;
		}
	}
	return text;
}
