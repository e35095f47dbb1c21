import { connect, type GemmaCredential } from '../../nodes/Gemma/transport/connection';
import { refuse } from '../support/credential';
import { nvidiaKey } from '../support/transport';

const own = (fields: GemmaCredential) => connect({ server: 'openAiCompatible', ...fields });

describe('the extra header', () => {
	const header = { header: true, headerName: 'X-Gateway', headerValue: 'top-secret-value' };

	it('goes to the Base URL only, and its value is hidden', () => {
		const connection = connect({ apiKey: nvidiaKey, ...header });
		expect(connection.baseHeaders).toEqual({
			authorization: `Bearer ${nvidiaKey}`,
			'x-gateway': 'top-secret-value',
		});
		expect(connection.nvcfHeaders).toEqual({ authorization: `Bearer ${nvidiaKey}` });
		expect(connection.redactor.text('top-secret-value')).toBe('[hidden]');
	});

	it('is left out when it is switched off, whatever its fields hold', () => {
		expect(own({ ...header, header: false, headerName: 'ö' }).baseHeaders).toEqual({});
	});

	it('is trimmed, and may hold blanks and signs', () => {
		const fields = { header: true, headerName: ' x_a.b~1 ', headerValue: ' a b\t"c";=~ ' };
		expect(own(fields).baseHeaders).toEqual({ 'x_a.b~1': 'a b\t"c";=~' });
	});

	it('named Authorization serves a server that wants another scheme', () => {
		const fields = { header: true, headerName: 'Authorization', headerValue: 'Basic abcdef' };
		expect(own(fields).baseHeaders).toEqual({ authorization: 'Basic abcdef' });
	});

	it.each(['', 'X Gateway', 'X-Gateway:', 'X-Gåteway', 'a\nb', undefined])(
		'needs a header’s name, not %j',
		(headerName) => {
			const { facts } = refuse({ server: 'openAiCompatible', ...header, headerName });
			expect(facts).toEqual({ kind: 'input', field: 'Header Name' });
		},
	);

	it.each(['Host', 'content-length', 'Transfer-Encoding', 'CONNECTION', ' upgrade '])(
		'may not be one of the connection’s own: %s',
		(headerName) => {
			const { facts, message } = refuse({ server: 'openAiCompatible', ...header, headerName });
			expect(facts).toEqual({ kind: 'input', field: 'Header Name' });
			expect(message).toContain(`"${headerName.trim()}"`);
		},
	);

	it('of several words is hidden as a whole, and no word of it', () => {
		const { redactor } = own({ header: true, headerName: 'X-Title', headerValue: 'My automation' });
		expect(redactor.text('My automation at work')).toBe('[hidden] at work');
		const reply = { text: 'An automation saves time.' };
		expect(redactor.reply(reply)).toEqual(reply);
	});

	it('of a scheme that nobody knows is hidden behind it where it is the Authorization', () => {
		const fields = { header: true, headerName: 'Authorization', headerValue: 'Hawk abcd-secret' };
		expect(own(fields).redactor.text('It says abcd-secret.')).toBe('It says [hidden].');
	});

	it.each([
		['Bearer abcd-secret', 'abcd-secret'],
		['Token  abcd-secret', 'abcd-secret'],
		['ApiKey abcd-secret', 'abcd-secret'],
		[`Basic ${btoa('me:pass:word')}`, 'pass:word'],
		[`basic ${btoa('me:pass:word')}`, btoa('me:pass:word')],
	])('of %s is hidden in its parts, too', (headerValue, secret) => {
		const { redactor } = own({ ...header, headerValue });
		expect(redactor.text(`It says ${secret}.`)).toBe('It says [hidden].');
		expect(redactor.text(`It says ${headerValue}.`)).toBe('It says [hidden].');
	});

	it.each(['', ' ', undefined, 'top\r\nsecret: hidden99', 'tøp-secret', '\ud800-secret', 'a\0b'])(
		'needs a value that a header can carry, not %j',
		(headerValue) => {
			const { facts } = refuse({ server: 'openAiCompatible', ...header, headerValue });
			expect(facts).toEqual({ kind: 'input', field: 'Header Value' });
		},
	);
});

it('a whole header line in the field for its name is not shown', () => {
	const headerName = 'X-Gateway: top-secret';
	const { message } = refuse({ server: 'openAiCompatible', header: true, headerName });
	expect(message).toContain('"X-Gateway:…"');
});
