import { connect, type GemmaCredential } from '../../nodes/Gemma/transport/connection';
import { failureOf } from './failure';

/** The failure of a credential, which never shows the key. */
export function refuse(credential: GemmaCredential) {
	const failure = failureOf(() => connect(credential));
	expect(failure.advice).toMatch(/^[A-Z][^]+\.$/);
	const text = `${failure.message} ${failure.advice} ${JSON.stringify(failure.facts)}`;
	for (const hidden of [credential.apiKey, credential.headerValue]) {
		if (hidden?.trim()) expect(text).not.toContain(hidden.trim().slice(-6));
	}
	return failure;
}
