import { inputFailure, shown } from '../failure';
import type { Redactor } from './redact';

/** The part of the credential that is a header of the user's own. */
export interface ExtraHeader {
	header?: boolean;
	headerName?: string;
	headerValue?: string;
}

/** RFC 9110 token: what a header name may consist of. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** Headers by which HTTP frames a message; a client sets them itself. */
const FRAMING = new Set(['connection', 'content-length', 'host', 'transfer-encoding', 'upgrade']);
/** What may stand in a header value on the wire: printable ASCII, spaces between. */
const HEADER_VALUE = /^[\x21-\x7e]+(?:[ \t]+[\x21-\x7e]+)*$/;

/** What may stand in front of a key, whatever the header. */
const SCHEME = /^(Bearer|Basic|Token|Key|Api-?Key|Digest)\s+/i;

/** The key as servers want it; none where it is not required and not given. @throws Failure of kind `input`. */
export function keyHeader(
	apiKey: string | undefined,
	required: boolean,
	redactor: Redactor,
): Record<string, string> {
	// People paste the whole header as the API's page shows it.
	const key = (apiKey ?? '').trim().replace(/^Bearer(\s+|$)/i, '');
	if (key === '') {
		if (!required) return {};
		throw inputFailure(
			'API Key',
			'The API Key of the Gemma API credential is empty',
			"Paste a key from build.nvidia.com (it starts with nvapi-), or set Server to 'OpenAI-Compatible' for a server of your own.",
		);
	}
	if (!HEADER_VALUE.test(key)) {
		throw inputFailure(
			'API Key',
			'The API Key of the Gemma API credential holds a line break or a character that no key has',
			'Copy the key again and paste it without anything around it.',
		);
	}
	redactor.hide(key);
	return { authorization: `Bearer ${key}` };
}

/** @throws Failure of kind `input` for a name or a value that no header can have. */
export function extraHeader(credential: ExtraHeader, redactor: Redactor): Record<string, string> {
	if (!credential.header) return {};
	const name = (credential.headerName ?? '').trim();
	const value = (credential.headerValue ?? '').trim();
	if (!HEADER_NAME.test(name)) {
		throw inputFailure(
			'Header Name',
			`The Header Name of the Gemma API credential is not a header name: "${shown(name.replace(/:[^]*/, ':…'))}"`,
			'Use letters, digits and dashes only, for example X-Api-Key, or switch the extra header off.',
		);
	}
	if (!HEADER_VALUE.test(value)) {
		throw inputFailure(
			'Header Value',
			'The Header Value of the Gemma API credential is empty or holds characters that a header cannot carry',
			'Enter the value on one line, or switch the extra header off.',
		);
	}
	hideHeaderValue(name, value, redactor);
	if (FRAMING.has(name.toLowerCase())) {
		throw inputFailure(
			'Header Name',
			`The Header Name of the Gemma API credential is "${name}", which belongs to the connection itself`,
			'Choose the header that your gateway asks for, for example X-Api-Key, or switch the extra header off.',
		);
	}
	return { [name.toLowerCase()]: value };
}

/** The secret may be the part behind `Bearer`, or the password within `Basic`. */
function hideHeaderValue(name: string, value: string, redactor: Redactor): void {
	redactor.hide(value);
	// In other headers a first word is no scheme: X-Title may hold the name of the workflow.
	const scheme = /authorization$/i.test(name) ? /^\w+\s+/ : SCHEME;
	const token = value.replace(scheme, '');
	redactor.hide(token);
	if (/^Basic\s/i.test(value)) redactor.hide(passwordIn(Buffer.from(token, 'base64').toString()));
}

const passwordIn = (userAndPassword: string) => userAndPassword.replace(/^[^:]*:/, '');
