import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A feed of news on 127.0.0.1. */
export interface Feed {
	url: string;
	close(): Promise<void>;
}

/** @param titles of its entries. */
export async function openFeed(titles: string[]): Promise<Feed> {
	const entries = titles.map(
		(title, index) =>
			`<item><title>${title}</title><guid>${index}</guid><description>${title}.</description></item>`,
	);
	const xml = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>http://127.0.0.1/</link><description>News</description>${entries.join('')}</channel></rss>`;
	const server = createServer((_, response) => {
		response.writeHead(200, { 'content-type': 'application/rss+xml' }).end(xml);
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}/feed.xml`,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}
