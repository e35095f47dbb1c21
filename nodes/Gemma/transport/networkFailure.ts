import { Failure } from '../failure';
import { CONNECT_SECONDS } from './network';

interface Explanation {
	what: string;
	advice: string;
	transient: boolean;
}

const OFFLINE =
	'Check that the server runs and that the address in the credential is right. From inside Docker, localhost is the container itself: use host.docker.internal or the name of the service.';
const CERTIFICATE =
	"Paste the certificate authority's PEM into CA Certificate of the credential, or, on a network you trust, switch on Ignore SSL Issues.";
export const ASK_ADMINISTRATOR =
	'Ask the administrator of this n8n to allow the host (N8N_SSRF_ALLOWED_HOSTNAMES), or use another address.';
/** The credential's address and certificates do not apply to other hosts. */
const FOREIGN =
	'Check that the host can be reached from the machine that runs n8n. If the picture is there and its certificate is private, fetch it with an HTTP Request node and use Binary Field(s).';
const LATER = 'The network or the server broke off; run the workflow again.';

/** Node's and undici's error codes in a builder's words. Other codes fall back to the last line. */
const EXPLANATIONS: Record<string, Explanation> = {
	ECONNREFUSED: { what: 'connection refused', advice: OFFLINE, transient: true },
	ENOTFOUND: { what: 'no such host', advice: OFFLINE, transient: false },
	EAI_AGAIN: { what: 'the name could not be looked up', advice: OFFLINE, transient: true },
	EHOSTUNREACH: { what: 'host unreachable', advice: OFFLINE, transient: true },
	ENETUNREACH: { what: 'network unreachable', advice: OFFLINE, transient: true },
	ETIMEDOUT: { what: 'the connection timed out', advice: OFFLINE, transient: true },
	UND_ERR_CONNECT_TIMEOUT: {
		what: `no connection within ${CONNECT_SECONDS} seconds`,
		advice: OFFLINE,
		transient: true,
	},
	ECONNRESET: { what: 'the connection was reset', advice: LATER, transient: true },
	UND_ERR_DESTROYED: { what: 'the run was over', advice: LATER, transient: false },
	EPIPE: { what: 'the connection was closed while sending', advice: LATER, transient: true },
	UND_ERR_SOCKET: { what: 'the other side closed the connection', advice: LATER, transient: true },
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: {
		what: 'the reply was shorter or longer than announced',
		advice: LATER,
		transient: true,
	},
	DEPTH_ZERO_SELF_SIGNED_CERT: certificate('its certificate is self-signed'),
	SELF_SIGNED_CERT_IN_CHAIN: certificate('its certificate comes from a private authority'),
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('its certificate comes from an unknown authority'),
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate('its certificate comes from an unknown authority'),
	CERT_HAS_EXPIRED: certificate('its certificate has expired'),
	ERR_TLS_CERT_ALTNAME_INVALID: certificate('its certificate is for another host name'),
	BLOCKED: {
		what: "n8n's protection against server-side request forgery does not allow it",
		advice: ASK_ADMINISTRATOR,
		transient: false,
	},
	ERR_SSL_WRONG_VERSION_NUMBER: noTls(),
	EPROTO: noTls(),
};

function certificate(what: string): Explanation {
	return { what, advice: CERTIFICATE, transient: false };
}

function noTls(): Explanation {
	return {
		what: 'it does not speak TLS there',
		advice: 'Use http:// instead of https:// in the Base URL, or another port.',
		transient: false,
	};
}

/** What a connection's error means. */
function explainNetworkError(error: unknown): Explanation & { code: string } {
	const code = codeOf(error);
	if (code.startsWith('HPE_')) {
		const advice =
			'Check the port: something answers there that does not speak HTTP, or a proxy garbles it.';
		return { code, what: 'what it sent is not valid HTTP', advice, transient: true };
	}
	if (/^(Z_|ERR_BROTLI|ERR__ERROR)/.test(code)) {
		const advice =
			'The reply broke off, or a proxy garbles it: run the workflow again; if it happens every time, let the server or the proxy send its replies uncompressed.';
		return { code, what: 'its reply cannot be decompressed', advice, transient: true };
	}
	const known = EXPLANATIONS[code] ?? {
		what: code === '' ? String((error as Error)?.message ?? error) : code,
		advice: OFFLINE,
		transient: code !== 'UND_ERR_INVALID_ARG',
	};
	return { code, ...known };
}

/**
 * Turns an error of undici or of a socket into a Failure of kind `network`.
 *
 * @param isOwn whether the host is one of the credential's, which its settings can mend.
 */
export function networkFailure(error: unknown, host: string, isOwn = true): Failure {
	const { code, what, advice, transient } = explainNetworkError(error);
	return new Failure(
		{ kind: 'network', code, host },
		`Could not talk to ${host}: ${what}`,
		isOwn || code === 'BLOCKED' ? advice : FOREIGN,
		{ transient },
	);
}

/** The code of an error, or of the first cause that has one; '' when none has. */
function codeOf(error: unknown): string {
	for (let cause = error, depth = 0; cause && depth < 5; depth++) {
		const { code, errors } = cause as { code?: unknown; errors?: unknown[] };
		if (typeof code === 'string' && code !== 'UND_ERR_ABORTED') return code;
		const { name, message } = cause as Error;
		if (name === 'HTTPParserError') return parserCode(message);
		// n8n's filter looks names up itself; what it finds may be an address it does not allow.
		if (/^SsrfBlocked/.test(name)) return 'BLOCKED';
		// A host with several addresses fails with an AggregateError of each try.
		cause = errors?.[0] ?? (cause as Error).cause;
	}
	return '';
}

/** undici gives the errors of its parser no code; a body that ends too early is among them. */
const parserCode = (message: string) =>
	message.includes('Invalid EOF') ? 'UND_ERR_SOCKET' : 'HPE_UNKNOWN';
