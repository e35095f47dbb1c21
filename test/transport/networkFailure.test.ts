import { networkFailure } from '../../nodes/Gemma/transport/networkFailure';
import { partsOf } from '../support/transport';

const coded = (code: string, cause?: unknown) =>
	Object.assign(new Error('raw words', { cause }), { code });

describe('an error of the network', () => {
	it.each([
		['ENOTFOUND', /no such host/, false],
		['EAI_AGAIN', /could not be looked up/, true],
		['EHOSTUNREACH', /host unreachable/, true],
		['ENETUNREACH', /network unreachable/, true],
		['ETIMEDOUT', /timed out/, true],
		['UND_ERR_CONNECT_TIMEOUT', /no connection within 10 seconds/, true],
		['EPIPE', /while sending/, true],
		['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', /shorter or longer than announced/, true],
		['CERT_HAS_EXPIRED', /expired/, false],
		['EPROTO', /does not speak TLS/, false],
		['UND_ERR_INVALID_ARG', /UND_ERR_INVALID_ARG/, false],
		['ESOMETHING', /ESOMETHING/, true],
	])('%s is explained, and worth another try or not', (code, words, transient) => {
		const { facts, message, ...rest } = partsOf(networkFailure(coded(code), 'a.example:80'));
		expect(facts).toEqual({ kind: 'network', code, host: 'a.example:80' });
		expect(message).toMatch(/^Could not talk to a\.example:80: /);
		expect(message).toMatch(words);
		expect(rest.transient).toBe(transient);
	});

	it.each(['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EPROTO', 'CERT_HAS_EXPIRED', 'HPE_UNKNOWN'])(
		'%s of a host that is not the credential’s does not speak of the credential',
		(code) => {
			const own = networkFailure(coded(code), 'a.example');
			const { advice, ...rest } = networkFailure(coded(code), 'a.example', false);
			expect(advice).not.toMatch(/credential|Base URL|CA Certificate|Ignore SSL/);
			expect(advice).not.toBe(own.advice);
			expect(rest).toMatchObject({ facts: own.facts, transient: own.transient });
		},
	);

	it('that n8n’s filter caused asks for the administrator, whosever the host is', () => {
		const { advice } = networkFailure(coded('BLOCKED'), 'a.example', false);
		expect(advice).toMatch(/N8N_SSRF_ALLOWED_HOSTNAMES/);
	});

	it('is found behind what wraps it', () => {
		const refused = coded('ECONNREFUSED');
		for (const error of [
			new TypeError('fetch failed', { cause: refused }),
			new AggregateError([refused, coded('ENETUNREACH')]),
			new Error('outer', { cause: new AggregateError([refused]) }),
			coded('UND_ERR_ABORTED', refused),
		]) {
			expect(networkFailure(error, 'a.example').facts).toMatchObject({ code: 'ECONNREFUSED' });
		}
	});

	it('without a code shows its own words', () => {
		const { facts, message, transient } = networkFailure(new Error('odd thing'), 'a.example');
		expect(facts).toMatchObject({ code: '' });
		expect(message).toBe('Could not talk to a.example: odd thing');
		expect(transient).toBe(true);
		expect(networkFailure('text', 'a.example').message).toMatch(/: text$/);
		expect(networkFailure(undefined, 'a.example').message).toMatch(/: undefined$/);
	});

	it('that is its own cause does not keep the search going', () => {
		const error = new Error('round');
		error.cause = error;
		expect(networkFailure(error, 'a.example').message).toMatch(/: round$/);
	});
});
