import { closedPort } from '../../test/support/servers';
import type { Bench } from '../harness/bench';

/** What the Test button of the credential says. */
export function credentialCases(open: () => Bench): void {
	const test = async (change: Record<string, string> = {}) => {
		const { rest, sandbox, credentialId } = open();
		const { apiKey, baseUrl, nvcfUrl } = sandbox;
		const data = { server: 'nvidia', apiKey, baseUrl, nvcfUrl, ...change };
		return await rest.testCredential(credentialId, data);
	};

	it('is taken with a good key, and nothing is spent', async () => {
		open().sandbox.clear();
		expect(await test()).toEqual({ status: 'OK', message: expect.any(String) });
		expect(open().sandbox.requests.map(({ method }) => method)).not.toContain('POST');
	});

	it('is refused with a bad key, in words that do not repeat it', async () => {
		const { status, message } = await test({ apiKey: 'nvapi-wrong-key' });
		expect(status).toBe('Error');
		expect(message).toMatch(/key/i);
		expect(message).not.toContain('wrong-key');
	});

	it('is refused with a key that may not', async () => {
		const { forbiddenKey } = open().sandbox;
		const { status, message } = await test({ apiKey: forbiddenKey });
		expect(status).toBe('Error');
		expect(message).toMatch(/key|403/i);
	});

	it('is refused when nobody answers at the address, which it names', async () => {
		const url = await closedPort();
		const { status, message } = await test({ nvcfUrl: `${url}/v2/nvcf`, baseUrl: `${url}/v1` });
		expect(status).toBe('Error');
		expect(message).toContain(new URL(url).host);
	});

	it('is taken as a server of its own without a key', async () => {
		const { sandbox } = open();
		sandbox.settings.requireKey = false;
		try {
			const own = await test({ server: 'openAiCompatible', apiKey: '' });
			expect(own).toEqual({ status: 'OK', message: expect.any(String) });
		} finally {
			sandbox.settings.requireKey = true;
		}
	});
}
