import { inputFailure, shown } from '../failure';
import { extraHeader, keyHeader, type ExtraHeader } from './credentialHeaders';
import { Redactor } from './redact';

/** The decrypted `gemmaApi` credential; a field that the form hides arrives undefined. */
export interface GemmaCredential extends ExtraHeader {
	server?: 'nvidia' | 'openAiCompatible';
	apiKey?: string;
	baseUrl?: string;
	nvcfUrl?: string;
	allowUnauthorizedCerts?: boolean;
	caCertificate?: string;
}

/** Where to ask and with what, checked and in the form that requests need. */
export interface Connection {
	server: 'nvidia' | 'openAiCompatible';
	/** Without a trailing slash. */
	baseUrl: string;
	/** Root of assets and polling, without a trailing slash; NVIDIA only. */
	nvcfUrl?: string;
	/** Headers for calls to `baseUrl`: the key and the extra header. */
	baseHeaders: Record<string, string>;
	/** Headers for calls to `nvcfUrl`: the key alone. */
	nvcfHeaders: Record<string, string>;
	/** PEM of a private certificate authority, trusted beside the built-in ones. */
	caCertificate?: string;
	allowUnauthorizedCerts: boolean;
	redactor: Redactor;
}

export const NVIDIA_BASE_URL = 'https://integrate.api.nvidia.com/v1';
export const NVIDIA_NVCF_URL = 'https://api.nvcf.nvidia.com/v2/nvcf';
export const OLLAMA_BASE_URL = 'http://localhost:11434/v1';

/** @throws Failure of kind `input` naming the credential's field. */
export function connect(credential: GemmaCredential): Connection {
	const server = credential.server ?? 'nvidia';
	const isNvidia = server === 'nvidia';
	const redactor = new Redactor();
	assertOwnServer(credential, isNvidia);
	const nvcfHeaders = keyHeader(credential.apiKey, isNvidia, redactor);
	return {
		server,
		baseUrl: url(
			'Base URL',
			credential.baseUrl,
			isNvidia ? NVIDIA_BASE_URL : OLLAMA_BASE_URL,
			redactor,
		),
		...(isNvidia && { nvcfUrl: url('NVCF URL', credential.nvcfUrl, NVIDIA_NVCF_URL, redactor) }),
		baseHeaders: { ...extraHeader(credential, redactor), ...nvcfHeaders },
		nvcfHeaders,
		...(credential.caCertificate?.trim() && {
			caCertificate: certificate(credential.caCertificate),
		}),
		allowUnauthorizedCerts: credential.allowUnauthorizedCerts ?? false,
		redactor,
	};
}

/** The form keeps the Base URL when Server is switched, so NVIDIA's may be left over. */
function assertOwnServer({ apiKey, baseUrl }: GemmaCredential, isNvidia: boolean): void {
	if (isNvidia || apiKey?.trim() || baseUrl?.trim().replace(/\/+$/, '') !== NVIDIA_BASE_URL) return;
	throw inputFailure(
		'Base URL',
		`The Base URL of the Gemma API credential is still NVIDIA's (${NVIDIA_BASE_URL}), and there is no API Key`,
		`Enter the address of your own server, for example ${OLLAMA_BASE_URL} for Ollama, or set Server to NVIDIA's Hosted API and enter a key.`,
	);
}

function url(
	field: string,
	given: string | undefined,
	standard: string,
	redactor: Redactor,
): string {
	const text = given?.trim() || standard;
	const parsed = URL.canParse(text) ? new URL(text) : undefined;
	const isWeb = parsed !== undefined && /^https?:$/.test(parsed.protocol);
	// What is no address may hold a password anywhere before its @.
	if (isWeb ? parsed.username || parsed.password : text.includes('@')) {
		throw inputFailure(
			field,
			`The ${field} of the Gemma API credential holds a user name or a password`,
			'Take them out of the address, and switch Add Custom Header on instead: the name Authorization, the value Basic and your user:password in base64.',
		);
	}
	if (!isWeb) {
		throw inputFailure(
			field,
			`The ${field} of the Gemma API credential is not a web address: "${shown(redactor.text(text))}"`,
			`Enter it with http:// or https:// in front, for example ${standard}.`,
		);
	}
	// People copy the address of the call itself; what is needed is its root.
	return text
		.replace(/[?#].*$/, '')
		.replace(/\/+$/, '')
		.replace(/\/chat\/completions$/, '');
}

function certificate(pem: string): string {
	// A single-line field turns the line ends of a pasted certificate into spaces.
	const body = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;
	const blocks = pem.match(body)?.map((block) => {
		const base64 = block.replace(/-----[A-Z ]+-----/g, '').replace(/\s+|\\n/g, '');
		return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
	});
	if (blocks) return blocks.join('');
	throw inputFailure(
		'CA Certificate',
		'The CA Certificate of the Gemma API credential is not a PEM certificate',
		'Paste the whole text, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.',
	);
}
