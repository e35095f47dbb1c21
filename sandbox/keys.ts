import { problem, Refusal } from './refusal';
import { text } from './reply';

export interface Keys {
	apiKey: string;
	forbiddenKey: string;
}

export const DEFAULT_KEYS: Keys = {
	apiKey: 'nvapi-sandbox-key',
	forbiddenKey: 'nvapi-sandbox-forbidden-key',
};

/**
 * Lets a request through or refuses it the three ways NVIDIA does: 401 in plain text without an
 * Authorization header, 401 problem JSON with a key it does not know, 403 with one that may not.
 *
 * @throws Refusal
 */
export function checkKey(authorization: string | undefined, keys: Keys): void {
	if (authorization === undefined) {
		throw new Refusal(text(401, 'Header of type `authorization` was missing'));
	}
	const key = /^Bearer (nvapi-\S+)$/.exec(authorization)?.[1];
	if (key === keys.forbiddenKey) throw problem(403, 'Authorization failed');
	if (key !== keys.apiKey) throw problem(401, 'Authentication failed');
}
