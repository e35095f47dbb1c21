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

describe('a page', () => {
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
