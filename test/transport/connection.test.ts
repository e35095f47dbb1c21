import { connect, type GemmaCredential } from '../../nodes/Gemma/transport/connection';
import { authority, trusted } from '../support/certificates';
import { failureOf } from '../support/failure';
import { nvidiaKey } from '../support/transport';

const own = (fields: GemmaCredential) => connect({ server: 'openAiCompatible', ...fields });

/** The failure of a credential, which never shows the key. */
function refuse(credential: GemmaCredential) {
	const failure = failureOf(() => connect(credential));
	expect(failure.advice).toMatch(/^[A-Z][^]+\.$/);
	const text = `${failure.message} ${failure.advice} ${JSON.stringify(failure.facts)}`;
	for (const hidden of [credential.apiKey, credential.headerValue]) {
		if (hidden?.trim()) expect(text).not.toContain(hidden.trim().slice(-6));
	}
	return failure;
}

describe('a connection to NVIDIA', () => {
	it('needs nothing but a key', () => {
		expect(connect({ apiKey: nvidiaKey })).toMatchObject({
			server: 'nvidia',
			baseUrl: 'https://integrate.api.nvidia.com/v1',
			nvcfUrl: 'https://api.nvcf.nvidia.com/v2/nvcf',
			baseHeaders: { authorization: `Bearer ${nvidiaKey}` },
			nvcfHeaders: { authorization: `Bearer ${nvidiaKey}` },
			allowUnauthorizedCerts: false,
		});
	});

	it('hides its key from then on', () => {
		const { redactor } = connect({ apiKey: nvidiaKey });
		expect(redactor.text(`Bearer ${nvidiaKey}.`)).toBe('Bearer [hidden].');
	});

	it.each([undefined, '', '  \n', 'Bearer '])('without a key (%j) is an error', (apiKey) => {
		const { facts, message } = refuse({ apiKey });
		expect(facts).toEqual({ kind: 'input', field: 'API Key' });
		expect(message).toMatch(/API Key.*is empty/);
	});

	it('names a Base URL of its own, and has no certificate unless one is given', () => {
		const connection = connect({ apiKey: nvidiaKey, baseUrl: 'https://a.example/v1/' });
		expect(connection.baseUrl).toBe('https://a.example/v1');
		expect(connection).not.toHaveProperty('caCertificate');
	});
});

describe('a connection to a server of one’s own', () => {
	it('needs no key and then sends none', () => {
		expect(own({})).toMatchObject({
			server: 'openAiCompatible',
			baseUrl: 'http://localhost:11434/v1',
			baseHeaders: {},
			nvcfHeaders: {},
		});
	});

	it('has no asset API', () => {
		expect(own({ nvcfUrl: 'https://nvcf.example' })).not.toHaveProperty('nvcfUrl');
	});

	it('sends the key that it has', () => {
		expect(own({ apiKey: 'abc' }).baseHeaders).toEqual({ authorization: 'Bearer abc' });
	});

	it('with NVIDIA’s Base URL left over from the form, and no key, is an error', () => {
		const baseUrl = 'https://integrate.api.nvidia.com/v1';
		for (const url of [baseUrl, ` ${baseUrl}/ `]) {
			expect(refuse({ server: 'openAiCompatible', baseUrl: url }).facts).toEqual({
				kind: 'input',
				field: 'Base URL',
			});
		}
		expect(own({ baseUrl, apiKey: 'abc' }).baseUrl).toBe(baseUrl);
	});
});

describe('an API key', () => {
	it.each([
		[`  ${nvidiaKey}\n`],
		[`Bearer ${nvidiaKey}`],
		[`bearer   ${nvidiaKey} `],
		[` BEARER\t${nvidiaKey}`],
	])('pasted as %j is found', (apiKey) => {
		const { baseHeaders, redactor } = connect({ apiKey });
		expect(baseHeaders).toEqual({ authorization: `Bearer ${nvidiaKey}` });
		expect(redactor.text(nvidiaKey)).toBe('[hidden]');
	});

	it.each(['nvapi-top\nsecret', 'nvapi-tøpsecret', 'nvapi-topsecret\u200b', 'nvapi-“topsecret”'])(
		'that no header can carry (%j) is an error that does not show it',
		(apiKey) => {
			const { facts, message } = refuse({ apiKey });
			expect(facts).toEqual({ kind: 'input', field: 'API Key' });
			expect(message).not.toMatch(/topsecret|nvapi-t/);
		},
	);
});

describe('an address', () => {
	it.each([
		['http://a.example/v1', 'http://a.example/v1'],
		[' https://a.example/v1/ \n', 'https://a.example/v1'],
		['https://a.example/v1///', 'https://a.example/v1'],
		['https://a.example', 'https://a.example'],
		['https://a.example/v1/chat/completions', 'https://a.example/v1'],
		['https://a.example/v1/chat/completions/', 'https://a.example/v1'],
		['https://a.example/v1?x=1#y', 'https://a.example/v1'],
		['https://a.example/v1/?x=1', 'https://a.example/v1'],
		['HTTPS://A.example/V1', 'HTTPS://A.example/V1'],
		['http://[::1]:8000/v1', 'http://[::1]:8000/v1'],
	])('%j is taken as %s', (baseUrl, expected) => {
		expect(own({ baseUrl }).baseUrl).toBe(expected);
	});

	it('of assets is trimmed likewise', () => {
		const { nvcfUrl } = connect({ apiKey: nvidiaKey, nvcfUrl: ' https://n.example/v2/nvcf/ ' });
		expect(nvcfUrl).toBe('https://n.example/v2/nvcf');
	});

	it.each(['localhost:11434/v1', 'a.example/v1', 'ftp://a.example', 'http://', 'just words'])(
		'%j is an error that shows it',
		(address) => {
			const { facts, message } = refuse({ server: 'openAiCompatible', baseUrl: address });
			expect(facts).toEqual({ kind: 'input', field: 'Base URL' });
			expect(message).toContain(address);
			expect(refuse({ apiKey: nvidiaKey, nvcfUrl: address }).facts).toEqual({
				kind: 'input',
				field: 'NVCF URL',
			});
		},
	);

	it('that is the key, pasted into the wrong field, is not shown', () => {
		const { message } = refuse({ apiKey: nvidiaKey, baseUrl: `Bearer ${nvidiaKey}` });
		expect(message).not.toContain(nvidiaKey);
	});

	it('falls back to the standard one where it is blank', () => {
		expect(own({ baseUrl: '  ' }).baseUrl).toBe('http://localhost:11434/v1');
	});
});

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

describe('a private authority’s certificate', () => {
	const parse = (caCertificate: string) => own({ caCertificate }).caCertificate;

	it('is taken as it is', () => {
		expect(parse(authority)).toBe(authority);
	});

	it.each([
		['on one line, as a single-line field leaves it', authority.replaceAll('\n', ' ')],
		['with \\n written out', authority.trim().replaceAll('\n', '\\n')],
		['without any line ends', authority.replaceAll('\n', '')],
		['with CRLF', authority.replaceAll('\n', '\r\n')],
		['indented', authority.replaceAll('\n', '\n    ')],
		['with words around it', `Subject: x\n${authority}\nEnd of file\n`],
	])('%s is mended', (_, pem) => {
		expect(parse(pem)).toBe(authority);
	});

	it('may be a chain of several', () => {
		const chain = `${authority}${trusted.cert}`;
		expect(parse(chain)).toBe(chain);
		expect(parse(chain.replaceAll('\n', ' '))).toBe(chain);
	});

	it('is left out where it is blank', () => {
		expect(own({ caCertificate: ' \n' })).not.toHaveProperty('caCertificate');
	});

	it.each(['/etc/ssl/ca.pem', trusted.key, authority.slice(0, 200), 'MIIB'])(
		'is no %j',
		(caCertificate) => {
			const { facts, message } = refuse({ server: 'openAiCompatible', caCertificate });
			expect(facts).toEqual({ kind: 'input', field: 'CA Certificate' });
			expect(message).not.toContain('PRIVATE KEY');
		},
	);
});
