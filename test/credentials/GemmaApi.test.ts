import type { IHttpRequestOptions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { GemmaApi } from '../../credentials/GemmaApi.credentials';
import { Failure } from '../../nodes/Gemma/failure';

const credential = new GemmaApi();
const VALID = 'nvapi-0123456789';
const authenticated = async (
	fields: Record<string, string | boolean | undefined>,
	headers?: IHttpRequestOptions['headers'],
) =>
	(
		await credential.authenticate(fields as Record<string, string | boolean>, {
			url: 'https://integrate.api.nvidia.com/v1/models',
			...(headers && { headers }),
		})
	).headers;

describe('its form', () => {
	const fieldsOf = (name: string) =>
		credential.properties.filter((property) => property.name === name);

	it('is known by its names', () => {
		expect([credential.name, credential.displayName]).toEqual(['gemmaApi', 'Gemma API']);
		expect(credential.documentationUrl).toMatch(/^https:\/\//);
	});

	it('asks for what it needs, in its order, and nothing else', () => {
		const names = credential.properties.map(({ name }) => name);
		expect(names).toEqual([
			...['server', 'apiKey', 'baseUrl', 'baseUrl', 'nvcfUrl'],
			...['allowUnauthorizedCerts', 'caCertificate', 'header', 'headerName', 'headerValue'],
		]);
	});

	it.each<[string, Partial<INodeProperties>]>([
		['server', { type: 'options', default: 'nvidia' }],
		['apiKey', { type: 'string', default: '', typeOptions: { password: true } }],
		['nvcfUrl', { type: 'string', default: 'https://api.nvcf.nvidia.com/v2/nvcf' }],
		[
			'allowUnauthorizedCerts',
			{ type: 'boolean', default: false, displayName: 'Ignore SSL Issues (Insecure)' },
		],
		['caCertificate', { type: 'string', default: '' }],
		['header', { type: 'boolean', default: false }],
		['headerName', { type: 'string', default: '' }],
		['headerValue', { type: 'string', default: '', typeOptions: { password: true } }],
	])('has %s as it is documented', (name, expected) => {
		expect(fieldsOf(name)).toEqual([expect.objectContaining(expected)]);
	});

	it('has a base URL for either server', () => {
		const choices = fieldsOf('server')[0].options as INodePropertyOptions[];
		expect(choices.map(({ value }) => value)).toEqual(['nvidia', 'openAiCompatible']);
		expect(
			fieldsOf('baseUrl').map(({ default: initial, displayOptions }) => [
				displayOptions?.show?.server,
				initial,
			]),
		).toEqual([
			[['nvidia'], 'https://integrate.api.nvidia.com/v1'],
			[['openAiCompatible'], 'http://localhost:11434/v1'],
		]);
	});

	it('shows only what the other answers call for', () => {
		const shown = (name: string) => fieldsOf(name)[0].displayOptions?.show;
		expect(shown('nvcfUrl')).toEqual({ server: ['nvidia'] });
		expect(shown('headerName')).toEqual({ header: [true] });
		expect(shown('headerValue')).toEqual({ header: [true] });
		expect(shown('apiKey')).toBeUndefined();
	});

	it('takes a certificate of many lines', () => {
		expect(fieldsOf('caCertificate')[0].typeOptions?.rows).toBeGreaterThan(1);
	});

	it('hides every secret, and nothing else', () => {
		const hidden = credential.properties.filter(({ typeOptions }) => typeOptions?.password);
		expect(hidden.map(({ name }) => name)).toEqual(['apiKey', 'headerValue']);
	});

	it('has no test of its own, which would win over the one of the node', () => {
		expect(credential).not.toHaveProperty('test');
	});
});

describe('a request that it authenticates', () => {
	it('has the key as a Bearer', async () => {
		expect(await authenticated({ server: 'nvidia', apiKey: VALID })).toEqual({
			authorization: `Bearer ${VALID}`,
		});
	});

	it('has the key without what was pasted around it', async () => {
		expect(await authenticated({ server: 'nvidia', apiKey: ` Bearer ${VALID}\n` })).toEqual({
			authorization: `Bearer ${VALID}`,
		});
	});

	it.each(['', '  ', undefined])(
		'has no key header for the key %p of an own server',
		async (apiKey) => {
			const headers = await authenticated({ server: 'openAiCompatible', apiKey });
			expect(headers).toEqual({});
		},
	);

	it('has the key of an own server that wants one', async () => {
		const headers = await authenticated({ server: 'openAiCompatible', apiKey: 'sk-local' });
		expect(headers).toEqual({ authorization: 'Bearer sk-local' });
	});

	it('has the extra header when it is switched on', async () => {
		const fields = { apiKey: VALID, headerName: 'X-Gateway-Token', headerValue: ' secret ' };
		expect(await authenticated({ ...fields, header: true })).toEqual({
			authorization: `Bearer ${VALID}`,
			'x-gateway-token': 'secret',
		});
		expect(await authenticated({ ...fields, header: false })).toEqual({
			authorization: `Bearer ${VALID}`,
		});
	});

	it('keeps its own headers and everything else', async () => {
		const options = {
			url: 'https://example.com',
			method: 'POST' as const,
			headers: { accept: 'text/plain' },
			body: { a: 1 },
		};
		const given = structuredClone(options);
		expect(await credential.authenticate({ apiKey: VALID }, options)).toEqual({
			...given,
			headers: { accept: 'text/plain', authorization: `Bearer ${VALID}` },
		});
		expect(options).toEqual(given);
	});

	it.each<[string, Record<string, string | boolean>, string]>([
		['NVIDIA’s key is missing', { server: 'nvidia', apiKey: '' }, 'API Key'],
		['the key is of two lines', { apiKey: 'nvapi-1\nnvapi-2' }, 'API Key'],
		[
			'the header has no name',
			{ apiKey: VALID, header: true, headerName: '', headerValue: 'x' },
			'Header Name',
		],
		[
			'the header has no value',
			{ apiKey: VALID, header: true, headerName: 'X-A', headerValue: '' },
			'Header Value',
		],
	])('is refused when %s, without showing a secret', async (_, fields, field) => {
		const failure = await authenticated(fields).catch((error: unknown) => error as Failure);
		expect(failure).toBeInstanceOf(Failure);
		expect(failure).toMatchObject({ facts: { kind: 'input', field } });
		expect(String(failure)).not.toContain('nvapi-1');
	});
});
