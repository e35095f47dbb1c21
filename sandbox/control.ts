import { toFault } from './faults';
import { badRequest, methodNotAllowed, pageNotFound } from './refusal';
import { empty, json, type Reply } from './reply';
import type { ReceivedRequest } from './received';
import type { SandboxState } from './state';
import { parseJson } from './values';

function queueFaults(body: Buffer, state: SandboxState): Reply {
	const value = parseJson(body.toString());
	try {
		state.faults.add(...(Array.isArray(value) ? value : [value]).map(toFault));
	} catch (error) {
		return badRequest(String(error)).reply;
	}
	return json(200, { queued: state.faults.size });
}

/** `/control/…`: what a test in another process steers the sandbox by. Never logged nor faulted. */
export function serveControl({ method, url, body }: ReceivedRequest, state: SandboxState): Reply {
	switch (url.pathname) {
		case '/control/faults':
			if (method !== 'POST') throw methodNotAllowed('POST');
			return queueFaults(body, state);
		case '/control/requests':
			if (method !== 'GET') throw methodNotAllowed('GET');
			return json(200, state.requests);
		case '/control/clear':
			if (method !== 'POST') throw methodNotAllowed('POST');
			state.clear();
			return empty(204);
		default:
			throw pageNotFound();
	}
}
