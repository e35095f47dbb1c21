import { send } from '../../nodes/Gemma/transport/exchange';
import { authority, otherHost, selfSigned, trusted } from '../support/certificates';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { partsOf, useTransport } from '../support/transport';

const { keep, network, limit } = useTransport();

type Trust = Parameters<typeof network>[0];

const serve = async (certificate: { cert: string; key: string }) =>
	await keep(openHttp((_, response) => response.end('hello'), certificate));

/** Sends one request and gives the status that comes back. */
async function get(url: string, trust: Trust, as: 'own' | 'foreign' = 'own'): Promise<number> {
	const reply = await send(await network(trust), { method: 'GET', url, headers: {}, as }, limit());
	reply.release();
	return reply.status;
}

/** The failure of a request whose certificate is not accepted. */
async function refuse(...request: Parameters<typeof get>) {
	const failure = await rejectionOf(get(...request));
	// The credential's settings mend what is wrong with its own hosts, and with no other.
	if (request[2] === 'foreign') {
		expect(failure.advice).not.toMatch(/CA Certificate|SSL|credential/);
		expect(failure.advice).toMatch(/Binary Field\(s\)/);
	} else expect(failure.advice).toMatch(/CA Certificate.*Ignore SSL Issues/);
	return partsOf(failure);
}

describe('a server whose certificate signs itself', () => {
	it('is refused, with advice, and not asked again', async () => {
		const { url, host } = await serve(selfSigned);
		expect(await refuse(url, {})).toEqual({
			facts: { kind: 'network', code: 'DEPTH_ZERO_SELF_SIGNED_CERT', host },
			message: `Could not talk to ${host}: its certificate is self-signed`,
			transient: false,
		});
	});

	it('is talked to where the certificate itself is trusted, or problems are ignored', async () => {
		const { url } = await serve(selfSigned);
		expect(await get(url, { caCertificate: selfSigned.cert })).toBe(200);
		expect(await get(url, { allowUnauthorizedCerts: true })).toBe(200);
	});
});

describe('a server with a certificate of a private authority', () => {
	it('is refused as long as the authority is unknown', async () => {
		const { url, host } = await serve(trusted);
		expect(await refuse(url, {})).toEqual({
			facts: {
				kind: 'network',
				code: expect.stringMatching(/^UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT_LOCALLY)$/),
				host,
			},
			message: `Could not talk to ${host}: its certificate comes from an unknown authority`,
			transient: false,
		});
	});

	it('that sends the authority along is refused all the same', async () => {
		const { url } = await serve({ ...trusted, cert: `${trusted.cert}${authority}` });
		expect(await refuse(url, {})).toMatchObject({
			facts: { code: 'SELF_SIGNED_CERT_IN_CHAIN' },
			message: expect.stringMatching(/private authority$/),
		});
	});

	it('is talked to where the authority’s certificate is given, by name and by number', async () => {
		const { url } = await serve(trusted);
		expect(await get(url, { caCertificate: authority })).toBe(200);
		const byName = url.replace('127.0.0.1', 'localhost');
		expect(await get(byName, { caCertificate: authority })).toBe(200);
	});

	it('is talked to where problems are ignored', async () => {
		const { url } = await serve(trusted);
		expect(await get(url, { allowUnauthorizedCerts: true })).toBe(200);
	});

	it('for another host name is refused', async () => {
		const { url, host } = await serve(otherHost);
		expect(await refuse(url, { caCertificate: authority })).toEqual({
			facts: { kind: 'network', code: 'ERR_TLS_CERT_ALTNAME_INVALID', host },
			message: `Could not talk to ${host}: its certificate is for another host name`,
			transient: false,
		});
		expect(await get(url, { allowUnauthorizedCerts: true })).toBe(200);
	});
});

describe('a host that is not the credential’s own', () => {
	it('is not trusted by the credential’s authority', async () => {
		const { url } = await serve(trusted);
		const trust = { caCertificate: authority };
		expect(await refuse(url, trust, 'foreign')).toMatchObject({ facts: { kind: 'network' } });
	});

	it('is not trusted although the credential ignores problems', async () => {
		const { url } = await serve(selfSigned);
		const trust = { allowUnauthorizedCerts: true };
		expect(await refuse(url, trust, 'foreign')).toMatchObject({ facts: { kind: 'network' } });
	});
});
