import type { ChatRequest } from '../../nodes/Gemma/transport/api';
import { wholeCompletion } from './events';
import { openHttp, type TestServer } from './servers';

/** One chat request, whose answer the test decides on. */
export interface Held {
	/** The number in its last message: `item 7` is 7. */
	item: number;
	/** Chat requests without an answer when it came, itself among them. */
	inFlight: number;
	/** Answers `answer to 7`. */
	answer(): void;
	refuse(status: number, words: string): void;
	/** The client hung up on it before it was answered. */
	readonly isGivenUp: boolean;
}

/** A chat server that keeps every request until the test answers it; `held` has them in order. */
export async function openChat(
	onRequest: (request: Held) => void = () => {},
): Promise<TestServer & { held: Held[] }> {
	const held: Held[] = [];
	let inFlight = 0;
	const server = await openHttp((request, response) => {
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			const { messages } = JSON.parse(text) as ChatRequest;
			const item = Number(/item (\d+)/.exec(JSON.stringify(messages.at(-1)))?.[1]);
			let isGivenUp = false;
			inFlight++;
			response.on('close', () => {
				inFlight--;
				isGivenUp = !response.writableFinished;
			});
			const reply = (status: number, body: unknown) =>
				response
					.writeHead(status, { 'content-type': 'application/json' })
					.end(JSON.stringify(body));
			const entry: Held = {
				item,
				inFlight,
				answer: () => void reply(200, wholeCompletion(`answer to ${item}`)),
				refuse: (status, words) => void reply(status, { error: { message: words } }),
				get isGivenUp() {
					return isGivenUp;
				},
			};
			held.push(entry);
			onRequest(entry);
		});
	});
	return Object.assign(server, { held });
}
