import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** A request whose headers the node has put on the wire. */
export interface Sent {
	method: string;
	path: string;
	/** What the run had come to by then. */
	after: 'start' | 'cancel' | 'end';
}

/** What goes out to the servers of one run, as undici itself reports it. */
export interface Traffic {
	sent: Sent[];
	phase: Sent['after'];
	/** The node's ends of the connections that came about. */
	sockets: Socket[];
	/** Called with the number of requests sent so far. */
	onSent?: (count: number) => void;
}

const byOrigin = new Map<string, Traffic>();

function onHeaders(message: unknown): void {
	const { request } = message as {
		request: { origin: string | URL; method: string; path: string };
	};
	const traffic = byOrigin.get(new URL(request.origin).origin);
	if (!traffic) return;
	traffic.sent.push({ method: request.method, path: request.path, after: traffic.phase });
	traffic.onSent?.(traffic.sent.length);
}

function onConnected(message: unknown): void {
	const { connectParams, socket } = message as {
		connectParams: { protocol: string; host: string };
		socket: Socket;
	};
	byOrigin.get(`${connectParams.protocol}//${connectParams.host}`)?.sockets.push(socket);
}

const CHANNELS = [
	['undici:client:sendHeaders', onHeaders],
	['undici:client:connected', onConnected],
] as const;

/** Begins to listen to undici; the return value ends it. */
export function watchTraffic(): () => void {
	for (const [name, listener] of CHANNELS) subscribe(name, listener);
	return () => CHANNELS.forEach(([name, listener]) => unsubscribe(name, listener));
}

/** Records what goes to these addresses until `forget` is called. */
export function recordTraffic(urls: string[]): Traffic & { forget(): void } {
	const origins = urls.map((url) => new URL(url).origin);
	const traffic = {
		sent: [],
		sockets: [],
		phase: 'start' as const,
		forget: () => origins.forEach((origin) => byOrigin.delete(origin)),
	};
	origins.forEach((origin) => byOrigin.set(origin, traffic));
	return traffic;
}
