import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';

import { inputFailure } from '../failure';
import type { Connection } from './connection';

/** Seconds for a connection to come about, TLS handshake included. */
export const CONNECT_SECONDS = 10;

/** n8n's protection against server-side request forgery, as far as this node uses it. */
export interface EgressFilter {
	validateUrl(url: string | URL): Promise<{ ok: true } | { ok: false; error: Error }>;
	createSecureLookup(): LookupFunction;
}

/** n8n before mid 2026 has no such helper; without protection it gives a filter that lets all pass. */
export function egressFilter(context: {
	helpers: { getSecureEgressFilter?: () => unknown };
}): EgressFilter | undefined {
	return context.helpers.getSecureEgressFilter?.() as EgressFilter | undefined;
}

/** The connections of one run: kept alive between its requests, closed at its end. */
export interface Network {
	/** For the credential's own hosts: its private CA and its insecure flag apply. */
	own: Dispatcher;
	/** For every other host (uploads, pictures): the usual certificates only. */
	foreign: Dispatcher;
	egress?: EgressFilter;
	close(): Promise<void>;
}

/**
 * Opens the dispatchers of a run. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are obeyed as undici's
 * EnvHttpProxyAgent reads them. undici is loaded here, not with the node: the editor needs the
 * node's description long before anything is sent.
 */
export async function openNetwork(
	connection: Pick<Connection, 'allowUnauthorizedCerts' | 'caCertificate'>,
	egress?: EgressFilter,
): Promise<Network> {
	const { EnvHttpProxyAgent } = await import('undici');
	const lookup = egress && { lookup: egress.createSecureLookup() };
	assertProxies();
	const dispatcher = (tls: object) =>
		new EnvHttpProxyAgent({
			// Time limits are per request (see exchange.ts); undici's own would end a long queue.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect: { ...tls, ...lookup, timeout: CONNECT_SECONDS * 1000 },
			// Behind a proxy undici takes the target's TLS options from here and ignores `connect`.
			requestTls: tls,
			// The proxy itself is the administrator's choice: n8n does not put it through the filter either.
			proxyTls: { timeout: CONNECT_SECONDS * 1000 },
		});
	const own = dispatcher(tlsOptions(connection));
	const foreign = dispatcher({});
	return {
		own,
		foreign,
		...(egress && { egress }),
		close: async () => {
			await Promise.all([own.destroy(), foreign.destroy()]);
		},
	};
}

/** undici names neither the variable nor what is wrong with its value. */
function assertProxies(): void {
	for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY']) {
		const value = process.env[name];
		if (!value || (/^(https?|socks5?):/i.test(value) && URL.canParse(value))) continue;
		throw inputFailure(
			name,
			`The proxy that n8n's environment names in ${name} is not the address of a proxy`,
			'Ask the administrator of this n8n to write it with http:// in front, for example http://proxy.example:3128.',
		);
	}
}

/** `ca` replaces the built-in authorities, so they are named again beside the private one. */
export const trustedAuthorities = ({ caCertificate }: Pick<Connection, 'caCertificate'>) =>
	caCertificate ? [...rootCertificates, caCertificate] : undefined;

function tlsOptions(connection: Pick<Connection, 'allowUnauthorizedCerts' | 'caCertificate'>) {
	const ca = trustedAuthorities(connection);
	return {
		...(ca && { ca }),
		...(connection.allowUnauthorizedCerts && { rejectUnauthorized: false }),
	};
}
