import { connect, type GemmaCredential } from '../../nodes/Gemma/transport/connection';
import { authority, trusted } from '../support/certificates';
import { refuse } from '../support/credential';
import { nvidiaKey } from '../support/transport';

const own = (fields: GemmaCredential) => connect({ server: 'openAiCompatible', ...fields });

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

	it.each([
		'https://me:top-secret@a.example/v1',
		'https://top-secret@a.example/v1',
		'me:top-secret@a.example/v1',
		'http:///me:top-secret@a.example/v1',
		'http:me:top-secret@a.example/v1',
		'http://me:top-secret/1@a.example/v1',
		'ftp://me:top-secret@a.example',
	])('with a password in it (%s) is refused without being shown', (address) => {
		const failures = [
			['Base URL', refuse({ server: 'openAiCompatible', baseUrl: address })],
			['NVCF URL', refuse({ apiKey: nvidiaKey, nvcfUrl: address })],
		] as const;
		for (const [field, { facts, message, advice }] of failures) {
			expect(facts).toEqual({ kind: 'input', field });
			expect(message).toContain('holds a user name or a password');
			expect(`${message} ${advice}`).not.toMatch(/top-secret|me:/);
		}
	});

	it('may hold an @ in its path', () => {
		expect(own({ baseUrl: 'https://a.example/@cf/v1' }).baseUrl).toBe('https://a.example/@cf/v1');
	});

	it('falls back to the standard one where it is blank', () => {
		expect(own({ baseUrl: '  ' }).baseUrl).toBe('http://localhost:11434/v1');
	});
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
