import fc from 'fast-check';
import { bytesOfDataUri } from '../../nodes/Gemma/images/dataUri';
import { failureOf } from '../support/failure';

const text = (uri: string) => bytesOfDataUri(uri).toString('latin1');

it.each([
	['base64', 'data:text/plain;base64,SGVsbG8=', 'Hello'],
	['base64 without its padding', 'data:text/plain;base64,SGVsbG8', 'Hello'],
	['base64 with blanks and line ends', 'data:;base64,SGVs\r\n bG8=\n', 'Hello'],
	['base64 with percent-encoded signs', 'data:;base64,SGVsbG8%3D', 'Hello'],
	['base64 with percent-encoded line ends', 'data:;base64,SGVs%0D%0AbG8%3d', 'Hello'],
	['base64 of the URL alphabet', 'data:;base64,-_-_', '\xfb\xff\xbf'],
	['base64 with + and / percent-encoded', 'data:;base64,%2b%2F%2B%2f', '\xfb\xff\xbf'],
	['a charset before the mark', 'data:text/plain;charset=utf-8;base64,SGVsbG8=', 'Hello'],
	['upper case', 'DATA:TEXT/PLAIN;BASE64,SGVsbG8=', 'Hello'],
	['blanks at the mark', 'data:text/plain; base64 ,SGVsbG8=', 'Hello'],
	['percent-encoding', 'data:text/plain,%48ello%20World%ff', 'Hello World\xff'],
	['nothing about the type', 'data:,Hello', 'Hello'],
	['commas in the data', 'data:,a,b,c', 'a,b,c'],
])('%s is decoded', (_, uri, expected) => {
	expect(text(uri)).toBe(expected);
});

it.each([
	['no comma', 'data:image/png;base64'],
	['no data', 'data:image/png;base64,'],
	['only blanks', 'data:image/png;base64, \n'],
	['something else than base64', 'data:image/png;base64,SGVs!G8='],
	['three dots, as a preview shows it', 'data:image/png;base64,iVBORw0KGgo…'],
	['one lonely character', 'data:image/png;base64,A'],
	['too much padding', 'data:image/png;base64,SGVsbG8==='],
	['padding in the middle', 'data:image/png;base64,SG=VsbG8'],
	['another data URI behind it', 'data:image/png;base64,AAAA,data:image/png;base64,AAAA'],
	['half a percent code', 'data:text/plain,100%'],
	['a percent code that is none', 'data:text/plain,%zz'],
	['no data URI', 'https://example.com/a.png'],
])('%s is an error that shows the URI', (_, uri) => {
	const { message, facts, advice } = failureOf(() => bytesOfDataUri(uri));
	expect(message).toMatch(/^URL\(s\) holds a data URI that cannot be decoded: "/);
	expect(facts).toEqual({ kind: 'input', field: 'URL(s)' });
	expect(advice).toContain('data:image/png;base64,');
});

it('a long URI is shown cut', () => {
	const uri = `data:image/png;base64,${'A'.repeat(100_000)}!`;
	expect(failureOf(() => bytesOfDataUri(uri)).message.length).toBeLessThan(200);
});

it('any bytes come back from either form', () => {
	const someBytes = fc.uint8Array({ minLength: 1, maxLength: 200 });
	fc.assert(
		fc.property(someBytes, (array) => {
			const bytes = Buffer.from(array);
			const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
			expect(bytesOfDataUri(`data:image/png;base64,${bytes.toString('base64')}`)).toEqual(bytes);
			expect(bytesOfDataUri(`data:;base64,${bytes.toString('base64url')}`)).toEqual(bytes);
			expect(bytesOfDataUri(`data:image/png,${percent}`)).toEqual(bytes);
		}),
	);
});
