import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { listen, type TestServer } from './servers';

export interface ConnectProxy extends TestServer {
	/** What it was asked for: `CONNECT host:port`, or method and address. */
	asked: string[];
	/** The headers of each of these requests. */
	headers: Array<Record<string, unknown>>;
}

/** A proxy on 127.0.0.1 as companies run them: tunnels for CONNECT, forwards plain HTTP. */
export async function openProxy(): Promise<ConnectProxy> {
	const asked: string[] = [];
	const headers: ConnectProxy['headers'] = [];
	const proxy = createServer((incoming, response) => {
		asked.push(`${incoming.method} ${incoming.url}`);
		headers.push(incoming.headers);
		const outgoing = request(
			incoming.url ?? '',
			{ method: incoming.method, headers: incoming.headers },
			(reply) => {
				response.writeHead(reply.statusCode ?? 502, reply.headers);
				reply.pipe(response);
			},
		);
		outgoing.on('error', () => response.destroy());
		incoming.pipe(outgoing);
	});
	proxy.on('connect', (incoming, socket, head) => {
		asked.push(`CONNECT ${incoming.url}`);
		headers.push(incoming.headers);
		const { hostname, port } = new URL(`http://${incoming.url}`);
		const target = connect(Number(port), hostname, () => {
			socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			target.write(head);
			target.pipe(socket).pipe(target);
		});
		target.on('error', () => socket.destroy());
		socket.on('error', () => target.destroy());
		socket.on('close', () => target.destroy());
	});
	const server = await listen(proxy);
	return Object.assign(server, { asked, headers });
}
