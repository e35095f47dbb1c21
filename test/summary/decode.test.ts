import { charsetOfPage, charsetOfType } from '../../nodes/Gemma/summary/charset';
import { decodeText } from '../../nodes/Gemma/summary/decode';
import { htmlToPlainText, isHtml } from '../../nodes/Gemma/summary/plainText';

const words = 'Grüße, 漢字 🙂';
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

it.each<[string, Buffer]>([
	['UTF-8', Buffer.from(words)],
	['UTF-8 with a mark', Buffer.from(`\ufeff${words}`)],
	['UTF-16 of Windows', Buffer.from(`\ufeff${words}`, 'utf16le')],
	['UTF-16 the other way round', utf16be(`\ufeff${words}`)],
])('%s is read', (_, bytes) => {
	expect(decodeText(bytes)).toBe(words);
});

it('what is not UTF-8 is read as Windows wrote it', () => {
	expect(decodeText(Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]))).toBe('Grüße €');
});

it('bytes with NULs are no text; no bytes are an empty one', () => {
	expect(decodeText(Buffer.from([0x50, 0x4b, 3, 4, 0, 0]))).toBeUndefined();
	expect(decodeText(Buffer.alloc(0))).toBe('');
});

describe('a charset that is declared', () => {
	const mir = Buffer.from([0xcc, 0xe8, 0xf0]);
	it.each<[string, Buffer, string | undefined, string]>([
		['is used', mir, 'windows-1251', 'Мир'],
		['with another name is used', mir, 'CP1251', 'Мир'],
		['is passed over when nobody knows it', mir, 'klingon', 'Ìèð'],
		['is passed over when it is UTF-8 and the file is not', mir, 'utf-8', 'Ìèð'],
		['does not spoil what is UTF-8', Buffer.from('Мир'), 'windows-1251', 'Мир'],
		['counts for less than a mark', Buffer.from('\ufeffМир', 'utf16le'), 'windows-1251', 'Мир'],
		['ISO-8859-1 is read as browsers do', Buffer.from([0x80, 0x93]), 'iso-8859-1', '€“'],
		['may be UTF-16 without a mark', Buffer.from('Mир', 'utf16le'), 'utf-16le', 'Mир'],
		['may end inside a character', Buffer.from([0x93, 0xfa, 0x96]), 'shift_jis', '日\ufffd'],
	])('%s', (_, bytes, charset, text) => {
		expect(decodeText(bytes, charset)).toBe(text);
	});

	it.each([
		['text/html; charset=windows-1251', 'windows-1251'],
		['text/html;x=y; Charset="koi8-r"', 'koi8-r'],
		['text/html', undefined],
	])('is found in the type %s', (type, charset) => {
		expect(charsetOfType(type)).toBe(charset);
	});

	it.each([
		['<!doctype html><head><meta charset=koi8-r>', 'koi8-r'],
		["<html><META name='x'><META CharSet = 'koi8-r'>", 'koi8-r'],
		['<html><meta http-equiv="Content-Type" content="text/html; charset=koi8-r">', 'koi8-r'],
		['<html><meta charset="utf-16">', undefined],
		['<html><p>charset=koi8-r', undefined],
	])('is found in the page %s', (page, charset) => {
		expect(charsetOfPage(Buffer.from(page))).toBe(charset);
	});
});

describe('a page', () => {
	it.each([3000, 100_000])('nested %i levels deep is read all the same', async (levels) => {
		const inner = '<style>p{}</style><!-- no > --><h1>News</h1><p>Hello &amp; deep, 1 < 2</p>';
		const deep = `${'<div class="a">'.repeat(levels)}${inner}${'</div>'.repeat(levels)}`;
		expect(await htmlToPlainText(`<html><body>${deep}</body></html>`)).toBe(
			'News\nHello & deep, 1 < 2',
		);
	});

	it.each(['<', '<!--', '<script>', '</', '<a '])(
		'of nothing but %s deep down takes no long time',
		async (part) => {
			const started = Date.now();
			await htmlToPlainText(`${'<div>'.repeat(20_000)}Hello${part.repeat(200_000)}`);
			expect(Date.now() - started).toBeLessThan(5000);
		},
	);

	const page = `<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body>
		<nav>Menu</nav><h1>News</h1><p>One <a href="https://example.com/x">link</a> &amp; more</p>
		<ul><li>first</li><li>second</li></ul>
		<table><tr><th>City</th><th>Rain</th></tr><tr><td>Bern</td><td>3 mm</td></tr></table>
		<script>bad()</script></body></html>`;

	it('becomes its words, without menus, scripts, styles and addresses', async () => {
		const text = await htmlToPlainText(page);
		expect(text).toMatch(/News\s+One link & more\s+\* first\s+\* second/);
		expect(text).toMatch(/City \| Rain \|\s+Bern \| 3 mm/);
		expect(text).not.toMatch(/Menu|bad|p\{|example\.com|</);
	});

	it('is known by its beginning', () => {
		expect([page, ' <HTML lang="en">', '# <html>', 'a < b'].map(isHtml)).toEqual([
			true,
			true,
			false,
			false,
		]);
	});
});
