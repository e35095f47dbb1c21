import fc from 'fast-check';
import { Redactor } from '../../nodes/Gemma/transport/redact';

function hiding(...secrets: string[]): Redactor {
	const redactor = new Redactor();
	for (const secret of secrets) redactor.hide(secret);
	return redactor;
}

/** Secrets as headers carry them: printable, no blanks around. */
const secret = fc
	.string({ minLength: 6, maxLength: 40, unit: 'grapheme-ascii' })
	.filter((text) => text.trim() === text && !'[hidden]'.includes(text));

describe('a redactor', () => {
	it('blanks a secret wherever it stands, as often as it does', () => {
		expect(hiding('nvapi-secret').text('a nvapi-secret,nvapi-secret!')).toBe(
			'a [hidden],[hidden]!',
		);
	});

	it('leaves everything else alone', () => {
		expect(hiding('nvapi-secret').text('nvapi-secre nvapi- secret')).toBe(
			'nvapi-secre nvapi- secret',
		);
		expect(new Redactor().text('anything')).toBe('anything');
	});

	it('knows secrets of four characters and spares shorter ones: they may be words', () => {
		expect(hiding('abcd', 'efg', '').text('abcd efg')).toBe('[hidden] efg');
	});

	it('blanks the longer of two secrets that contain each other', () => {
		expect(hiding('secret', 'secret-and-more').text('secret-and-more secret')).toBe(
			'[hidden] [hidden]',
		);
	});

	it.each<[string, (text: string) => string]>([
		['as it is', (text) => text],
		['in a URL', encodeURIComponent],
		['in JSON', (text) => JSON.stringify(text)],
		['in JSON within JSON', (text) => JSON.stringify(JSON.stringify(text))],
		[
			'in a URL with small letters',
			(text) => encodeURIComponent(text).replace(/%../g, (at) => at.toLowerCase()),
		],
		['in JSON as PHP writes it', (text) => JSON.stringify(text).slice(1, -1).replace(/\//g, '\\/')],
		['in base64', (text) => Buffer.from(text).toString('base64').replace(/=+$/, '')],
		[
			'in base64 with its scheme',
			(text) => Buffer.from(`Bearer ${text}`).toString('base64').replace(/=+$/, ''),
		],
		['in an HTML page', (text) => text.replace(/&/g, '&amp;')],
		['in an HTML page with all signs escaped', escapeHtml],
	])('shows no secret %s', (_, form) => {
		fc.assert(
			fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
				const clean = hiding(hidden).text(`${before} ${form(hidden)} ${after}`);
				const around = `${before}  ${after}`;
				if (around.includes(form(hidden))) return;
				expect(clean).not.toContain(form(hidden));
				expect(clean).toContain('[hidden]');
			}),
		);
	});

	it('blanks the beginning of a secret where words were cut', () => {
		const redactor = hiding('nvapi-secret');
		for (let length = 4; length <= 12; length++) {
			const echo = `Bad key: ${'nvapi-secret'.slice(0, length)}… (HTTP 401)`;
			expect(redactor.text(echo)).toBe('Bad key: [hidden]… (HTTP 401)');
		}
		expect(redactor.text('nvapi-sec is no key…')).toBe('nvapi-sec is no key…');
		expect(redactor.text('nvapi-s...; nvapi-se***cret; so ...')).toBe(
			'[hidden]...; [hidden]***cret; so ...',
		);
	});

	it('spares words of the node’s own that only stand in for a key', () => {
		const redactor = hiding('local', 'nvapi-secret');
		expect(redactor.ownWords('localhost and nvapi-secret')).toBe('localhost and [hidden]');
		expect(redactor.ownWords('It holds "nvapi-sec…", loca…')).toBe('It holds "[hidden]…", loca…');
	});

	it('cleans every string of a value, and leaves names and all else alone', () => {
		const value = {
			'name-of-a-field': 1,
			list: ['x nvapi-secret', 5, null, true, { deep: 'nvapi-secret' }],
			nothing: undefined,
			number: 12,
		};
		expect(hiding('nvapi-secret', 'name-of-a-field').deep(value)).toEqual({
			'name-of-a-field': 1,
			list: ['x [hidden]', 5, null, true, { deep: '[hidden]' }],
			nothing: undefined,
			number: 12,
		});
		expect(value.list[0]).toBe('x nvapi-secret');
	});

	it('finds a secret in any value, however deep', () => {
		fc.assert(
			fc.property(secret, fc.object({ maxDepth: 4 }), fc.string(), (hidden, value, name) => {
				const nested = { ...value, [name]: [{ hidden, text: `<${hidden}>` }] };
				const clean = hiding(hidden).deep(nested);
				const texts: string[] = [];
				collect(clean, texts);
				expect(texts.filter((text) => text.includes(hidden))).toEqual([]);
			}),
		);
	});

	it('changes nothing when it has nothing to hide', () => {
		const value = { a: 1, text: 'nvapi-secret…' };
		expect(new Redactor().deep(value)).toEqual({ ...value });
		expect(new Redactor().reply(value)).toBe(value);
	});
});

describe('a reply of the model', () => {
	it('shows no whole secret, and keeps an answer that was cut behind its beginning', () => {
		const reply = { text: 'nvapi-secret, nvapi-s… is no key', list: [{ text: '"nvapi-secret"' }] };
		expect(hiding('nvapi-secret').reply(reply)).toEqual({
			text: '[hidden], nvapi-s… is no key',
			list: [{ text: '"[hidden]"' }],
		});
	});

	it.each(['ollama', 'lm-studio', 'sk-1234', 'none'])(
		'may speak of what only stands in for a key: %s, which messages still hide',
		(word) => {
			const redactor = hiding(word);
			expect(redactor.reply({ text: `I am ${word}.` })).toEqual({ text: `I am ${word}.` });
			expect(redactor.text(`Bad key ${word}`)).toBe('Bad key [hidden]');
		},
	);

	it.each(['abcdefg1', 'abcdefghij'])('hides a key that is no such word: %s', (key) => {
		expect(hiding(key, 'ollama').reply([`${key} and ollama`])).toEqual(['[hidden] and ollama']);
	});
});

describe('a signed URL', () => {
	const signature = 'b5d1c2e3f4a5968778695a4b3c2d1e0f';
	const url = `https://bucket.example/uploads/id-1?X-Amz-Expires=900&X-Amz-Signature=${signature}&X-Amz-Credential=AKIAEXAMPLE%2F20261124%2Fus%2Fs3`;
	const redactor = new Redactor();
	redactor.hideUrl(url);

	it.each([
		['whole', url],
		['by its path and query', url.slice('https://bucket.example'.length)],
		['by its signature', `<SignatureProvided>${signature}</SignatureProvided>`],
		['in XML', `<Resource>${url.replaceAll('&', '&amp;')}</Resource>`],
		[
			'in XML without its host',
			url.slice('https://bucket.example'.length).replaceAll('&', '&amp;'),
		],
		['in JSON', JSON.stringify({ url })],
		['in a URL', `https://proxy.example/?to=${encodeURIComponent(url)}`],
		['by its credential', 'AKIAEXAMPLE/20261124/us/s3'],
		['by its encoded credential', 'AKIAEXAMPLE%2F20261124%2Fus%2Fs3'],
	])('is not shown %s', (_, text) => {
		const clean = redactor.text(text);
		expect(clean).not.toContain(signature);
		expect(clean).not.toContain('AKIAEXAMPLE');
	});

	it.each(['ab+cd/ef+gh/ij+kl=', 'ab%2Bcd%2Fef%2bgh%2fijkl%3D'])(
		'with the signature %s does not show it as it is written, either',
		(written) => {
			const signed = new Redactor();
			signed.hideUrl(`https://bucket.example/a?sv=1&sig=${written}&se=2`);
			for (const text of [written, encodeURIComponent(written), decodeURIComponent(written)]) {
				expect(signed.text(`sig=${text}&se=2`)).toBe('sig=[hidden]&se=2');
			}
		},
	);

	it('does not hide its host, its short values or the word of its path', () => {
		expect(redactor.text('bucket.example took 900 seconds')).toBe(
			'bucket.example took 900 seconds',
		);
	});

	it('without a query hides no more than itself', () => {
		const plain = new Redactor();
		plain.hideUrl('https://bucket.example/');
		expect(plain.text('https://bucket.example/ and / and bucket.example')).toBe(
			'[hidden] and / and bucket.example',
		);
	});
});

function escapeHtml(text: string): string {
	const names: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
	return text.replace(/[&<>"]/g, (sign) => names[sign]);
}

function collect(value: unknown, texts: string[]): void {
	if (typeof value === 'string') texts.push(value);
	else if (value !== null && typeof value === 'object') {
		for (const entry of Object.values(value)) collect(entry, texts);
	}
}

describe('of a reply that grows', () => {
	it.each<[text: string, settled: number]>([
		['', 0],
		['Hello', 5],
		['Hello abc', 6],
		['abcdefgh12', 10],
		['abcdefgh1', 0],
		['ab abcdefgh12 abcd', 14],
		['abcdefgh12abcdefgh', 10],
	])('"%s" is settled up to %i', (text, settled) => {
		expect(hiding('abcdefgh12').settledLength(text)).toBe(settled);
	});

	it('a placeholder for a key holds nothing back', () => {
		expect(hiding('ollama').settledLength('oll')).toBe(3);
	});
});
