import fc from 'fast-check';
import { binaryNames, imageUrls } from '../../nodes/Gemma/images/names';
import { failureOf } from '../support/failure';

const PNG_BASE64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ';

describe('the names of binary fields', () => {
	it.each<[string, unknown, unknown]>([
		['one name', 'data', ['data']],
		['several names', 'front,back,side', ['front', 'back', 'side']],
		['blanks around names', ' front , back\n,\tside ', ['front', 'back', 'side']],
		['blanks inside a name', 'front view, back view', ['front view', 'back view']],
		['empty entries', ',front,, ,back,', ['front', 'back']],
		['an array', ['front', ' back '], ['front', 'back']],
		['an array, whose names may hold commas', ['a,b', 'c'], ['a,b', 'c']],
		['an array with nothing in places', ['', null, undefined, 'back'], ['back']],
		['a number, as fields of an upload are called', 0, ['0']],
		['the name of 200 characters', 'x'.repeat(200), ['x'.repeat(200)]],
	])('%s', (_, value, names) => {
		expect(binaryNames(value)).toEqual(names);
	});

	it('a binary object stands for itself, alone or in an array', () => {
		const file = { mimeType: 'image/png', data: PNG_BASE64 };
		expect(binaryNames(file)).toEqual([file]);
		expect(binaryNames([file, 'data'])).toEqual([file, 'data']);
		expect(binaryNames([file])[0]).toBe(file);
	});

	it.each([undefined, null, '', '  ', ',', ' , ,', [], ['', ' ']])(
		'%p is no name, and the error says where to look for one',
		(value) => {
			const { message, facts, advice } = failureOf(() => binaryNames(value));
			expect(message).toBe('Input Data Field Name(s) is empty');
			expect(facts).toEqual({ kind: 'input', field: 'Input Data Field Name(s)' });
			expect(advice).toContain('Binary tab');
		},
	);

	it.each<[string, unknown]>([
		['the base64 of a PNG', PNG_BASE64],
		['the base64 of a JPEG', '/9j/4AAQSkZJRgABAQAAAQABAAD'],
		['the base64 of a GIF', 'R0lGODlhAQABAIAAAP'],
		['the base64 of a WebP', 'UklGRiQAAABXRUJQ'],
		['the base64 of a PDF', 'JVBERi0xLjQK'],
		['a data URI', `data:image/png;base64,${PNG_BASE64}`],
		['a data URI with blanks in front', `  DATA:image/png;base64,${PNG_BASE64}`],
		['a data URI behind a name', `data, data:image/png;base64,${PNG_BASE64}`],
		['base64 in an array', ['data', PNG_BASE64]],
		['text of 201 characters', 'x'.repeat(201)],
	])('%s is the picture itself, and the error says what to do', (_, value) => {
		const { message, facts, advice } = failureOf(() => binaryNames(value));
		expect(message).toMatch(
			/holds the picture itself \(\d+ characters\), not the name of a binary field$/,
		);
		expect(facts).toEqual({ kind: 'input', field: 'Input Data Field Name(s)' });
		expect(advice).toContain('Move Base64 String to File');
	});

	it('a picture of megabytes is not shown in the error', () => {
		const { message } = failureOf(() => binaryNames(PNG_BASE64.repeat(20_000)));
		expect(message.length).toBeLessThan(200);
	});

	it('a list of names that is joined by commas comes back', () => {
		const name = fc
			.string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
			.map((text) => text.replaceAll(',', '').trim())
			.filter(
				(text) => text !== '' && !/^data:|^(iVBORw0KGgo|\/9j\/|R0lGOD|UklGR|JVBERi)/i.test(text),
			);
		const comma = fc.constantFrom(',', ', ', ' ,', ' , ', ',\n', ',,');
		fc.assert(
			fc.property(fc.array(name, { minLength: 1 }), comma, (names, between) => {
				expect(binaryNames(names.join(between))).toEqual(names);
				expect(binaryNames(names)).toEqual(names);
			}),
		);
	});
});

describe('the addresses of pictures', () => {
	const [a, b] = ['https://example.com/a.png', 'http://example.com/b.jpg'];
	const uri = `data:image/png;base64,${PNG_BASE64}`;

	it.each<[string, unknown, string[]]>([
		['one address', a, [a]],
		['several addresses', `${a},${b}`, [a, b]],
		['blanks around addresses', ` ${a} ,\n\t${b} `, [a, b]],
		['upper case', 'HTTPS://EXAMPLE.COM/A.PNG,DATA:,x', ['HTTPS://EXAMPLE.COM/A.PNG', 'DATA:,x']],
		[
			'commas in addresses',
			`https://cdn.example.com/w_100,h_100/a.png?at=1,2,${b}`,
			['https://cdn.example.com/w_100,h_100/a.png?at=1,2', b],
		],
		['a data URI', uri, [uri]],
		['data URIs in a list', `${uri},${a},${uri}, ${uri}`, [uri, a, uri, uri]],
		['empty entries', `,${a}, ,${b},`, [a, b]],
		['many empty entries', `,,${a},,, ,${b} , ,,`, [a, b]],
		['an array', [a, ` ${b} `], [a, b]],
		['an array with nothing in places', ['', null, undefined, b], [b]],
		['another address in a query', `${a}?from=${b}`, [`${a}?from=${b}`]],
	])('%s', (_, value, urls) => {
		expect(imageUrls(value)).toEqual(urls);
	});

	it.each([' ', '\n', '\r\n', ',\n', ' , '])('may be separated by %j', (between) => {
		const urls = [
			'https://a.example/1.png?x=1,2',
			'http://b.example/2.png',
			'data:image/png;base64,AA==',
		];
		expect(imageUrls(urls.join(between))).toEqual(urls);
	});

	it.each([undefined, null, '', ' ', ',', ', ,,', [], [''], [null]])(
		'%p is no address, and the error asks for one',
		(value) => {
			const { message, facts, advice } = failureOf(() => imageUrls(value));
			expect(message).toBe('URL(s) is empty');
			expect(facts).toEqual({ kind: 'input', field: 'URL(s)' });
			expect(advice).toContain('https://');
		},
	);

	it.each<[string, unknown, string]>([
		['an address without its scheme', 'example.com/a.png', 'example.com/a.png'],
		['one in an array', [a, 'example.com/a.png'], 'example.com/a.png'],
		['a file', 'file:///etc/passwd', 'file:///etc/passwd'],
		['ftp', 'ftp://example.com/a.png', 'ftp://example.com/a.png'],
		['half an address', 'https://', 'https://'],
		['a path', '/home/user/a.png', '/home/user/a.png'],
		['an object', { url: a }, `{"url":"${a}"}`],
		['an object in an array', [{ url: 1 }], '{"url":1}'],
	])('%s is shown in the error', (_, value, part) => {
		const { message, facts } = failureOf(() => imageUrls(value));
		expect(message).toBe(`URL(s) holds something that is not a web address: "${part}"`);
		expect(facts).toEqual({ kind: 'input', field: 'URL(s)' });
	});

	it('base64 without data: in front is no address, and is shown cut', () => {
		const { message, advice } = failureOf(() => imageUrls(PNG_BASE64.repeat(1000)));
		expect(message.length).toBeLessThan(200);
		expect(advice).toContain('data:image/…;base64,');
	});

	it('a list of addresses that is joined by commas comes back', () => {
		const web = fc.webUrl({ withQueryParameters: true, withFragments: true });
		const data = fc
			.uint8Array({ minLength: 1, maxLength: 40 })
			.map((bytes) => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`);
		const address = fc.oneof(web, data).filter((url) => !/,$|,(https?:\/\/|data:)/i.test(url));
		const comma = fc.constantFrom(',', ', ', ' , ', ',\n', ',,', ', ,,');
		fc.assert(
			fc.property(fc.array(address, { minLength: 1 }), comma, (urls, between) => {
				expect(imageUrls(urls.join(between))).toEqual(urls);
				expect(imageUrls(urls)).toEqual(urls);
			}),
		);
	});
});
