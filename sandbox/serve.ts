import type { IncomingMessage, ServerResponse } from 'node:http';
import { CHAT_PATH, serveApi } from './api';
import { serveControl } from './control';
import { deliver } from './deliver';
import { cannedReply, faultHeaders, type Fault } from './faults';
import type { Host } from './host';
import { Refusal } from './refusal';
import { text, type Reply } from './reply';
import { API_BODY_LIMIT, receive, STORAGE_BODY_LIMIT, type ReceivedRequest } from './received';
import { logRequest, type LoggedRequest } from './requestLog';
import type { SandboxState } from './state';
import { serveStorage } from './storage';

type HostName = LoggedRequest['host'];

async function route(host: HostName, request: ReceivedRequest, state: SandboxState) {
	try {
		if (request.url.pathname.startsWith('/control/')) return serveControl(request, state);
		if (host === 'storage') return serveStorage(request, state.assets, state.pending);
		return await serveApi(request, state);
	} catch (error) {
		if (error instanceof Refusal) return error.reply;
		return text(500, `The sandbox itself failed: ${String(error)}`);
	}
}

/** A chat reply is held back when the fault or the settings ask for it; refusals come at once. */
function holdBack(reply: Reply, isCanned: boolean, fault: Fault, state: SandboxState): Reply {
	const pend = fault.pend ?? (isCanned ? undefined : state.settings.pend);
	if (pend === undefined || (reply.status >= 300 && !isCanned)) return reply;
	return state.pending.hold(reply, pend, fault.result302 ?? state.settings.result302);
}

async function answer(
	host: HostName,
	request: ReceivedRequest,
	fault: Fault,
	state: SandboxState,
): Promise<Reply> {
	const canned = cannedReply(fault);
	const reply = canned ?? (await route(host, request, state));
	const isChat = host === 'api' && request.url.pathname === CHAT_PATH;
	const held = isChat ? holdBack(reply, canned !== undefined, fault, state) : reply;
	return canned ? held : { ...held, headers: { ...held.headers, ...faultHeaders(fault) } };
}

const NO_REPLY: Reply = { status: 0, headers: {}, body: Buffer.alloc(0) };

/** Takes one request from its first byte to the last of its answer. */
export async function serve(
	host: { name: HostName; tcpOf: Host['tcpOf'] },
	message: IncomingMessage,
	response: ServerResponse,
	state: SandboxState,
): Promise<void> {
	const tcp = host.tcpOf(message.socket);
	const limit = host.name === 'api' ? API_BODY_LIMIT : STORAGE_BODY_LIMIT;
	const request = await receive(message, limit);
	if (request.url.pathname.startsWith('/control/')) {
		return deliver(await route(host.name, request, state), {}, response, tcp);
	}
	const entry = logRequest(state.requests, host.name, request, state.settings);
	const fault = state.faults.take(entry.method, entry.path) ?? {};
	if (fault.reset === 'before') return deliver(NO_REPLY, fault, response, tcp);
	const reply = await answer(host.name, request, fault, state);
	entry.status = reply.status;
	response.once('close', () => {
		if (!response.writableFinished) entry.broken = true;
	});
	await deliver(reply, fault, response, tcp);
}
