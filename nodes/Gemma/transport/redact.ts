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

	/** From now on `secret` is blanked, also as it looks in a URL, in JSON or in an HTML page. */
	hide(secret: string): void {
		if (secret.length < SHORTEST) return;
		const inJson = JSON.stringify(secret).slice(1, -1);
		const inHtml = secret.replace(/[&<>"]/g, (sign) => HTML[sign]);
		this.secrets.add(secret);
		this.secrets.add(encodeURIComponent(secret));
		this.secrets.add(inJson);
		// Servers quote the body of another server inside their own.
		this.secrets.add(JSON.stringify(inJson).slice(1, -1));
		this.secrets.add(secret.replace(/&/g, '&amp;'));
		this.secrets.add(inHtml);
	}

	/** Hides a signed URL: the whole of it, its path with the query, and each long query value. */
	hideUrl(url: string): void {
		this.hide(url);
		const { pathname, search, searchParams } = new URL(url);
		if (search) this.hide(`${pathname}${search}`);
		for (const value of searchParams.values()) if (value.length >= 16) this.hide(value);
	}

	text(text: string): string {
		// The longest first: a secret may contain another one.
		const longestFirst = [...this.secrets].sort((a, b) => b.length - a.length);
		const clean = longestFirst.reduce((rest, secret) => rest.split(secret).join(MARK), text);
		return clean.includes('…') ? longestFirst.reduce(withoutStart, clean) : clean;
	}

	/** The same value with every string in it, names included, cleaned. */
	deep<T>(value: T): T {
		if (this.secrets.size === 0) return value;
		return this.clean(value) as T;
	}

	private clean(value: unknown): unknown {
		if (typeof value === 'string') return this.text(value);
		if (Array.isArray(value)) return value.map((entry) => this.clean(entry));
		if (value === null || typeof value !== 'object') return value;
		return Object.fromEntries(
			Object.entries(value).map(([name, entry]) => [this.text(name), this.clean(entry)]),
		);
	}
}

/** Words that were cut may end within a secret: its beginning is then blanked as well. */
function withoutStart(text: string, secret: string): string {
	for (let length = secret.length - 1; length >= SHORTEST; length--) {
		const start = `${secret.slice(0, length)}…`;
		if (text.includes(start)) return text.split(start).join(`${MARK}…`);
	}
	return text;
}
