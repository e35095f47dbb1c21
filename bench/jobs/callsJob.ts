import { createParser } from 'eventsource-parser';
import { Agent, request } from 'undici';

import type { ChatRequest } from '../../nodes/Gemma/transport/api';
import { complete } from '../../nodes/Gemma/transport/chat';
import { connect } from '../../nodes/Gemma/transport/connection';
import { openNetwork } from '../../nodes/Gemma/transport/network';
import { startTimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { requirePeer } from '../peers/langchain';
import { taken } from './measure';
import type { CallsJob, CallsResult, Job } from './types';

const QUESTION: ChatRequest = {
	model: 'google/gemma-3-27b-it',
	messages: [{ role: 'user', content: 'What is in item 1?' }],
	max_tokens: 8192,
	stream: true,
};

/** Something that asks for a completion, streamed, and gives the text of it. */
interface Client {
	ask(): Promise<string>;
	close(): Promise<void>;
}

/** Part of a chunk, as far as a reader of text needs it. */
interface Chunk {
	choices: Array<{ delta?: { content?: string | null } }>;
}

/** The part of the `openai` package that is used here. */
interface OpenAiSdk {
	OpenAI: new (options: { apiKey: string; baseURL: string; maxRetries: number }) => {
		chat: { completions: { create(request: ChatRequest): Promise<AsyncIterable<Chunk>> } };
	};
}

export async function callsJob({ client: name, url, calls }: CallsJob): Promise<Job<CallsResult>> {
	const client = await CLIENTS[name](url);
	return {
		run: async () => {
			let characters = 0;
			const spent = await taken(async () => {
				for (let call = 0; call < calls; call++) characters += (await client.ask()).length;
			});
			return { ...spent, characters };
		},
		close: async () => await client.close(),
	};
}

const CLIENTS: Record<CallsJob['client'], (url: string) => Promise<Client>> = {
	transport: async (url) => {
		const connection = connect({ server: 'openAiCompatible', baseUrl: url });
		const network = await openNetwork(connection);
		return {
			ask: async () => {
				const limit = startTimeLimit({ timeoutSeconds: 600, idleSeconds: 120 });
				const options = { assetIds: [], maxRetries: 0, limit };
				const reply = await complete(network, connection, QUESTION, options);
				limit.end();
				return reply.choices[0].message.content ?? '';
			},
			close: async () => await network.close(),
		};
	},
	sdk: async (url) => {
		const { OpenAI } = requirePeer('openai') as OpenAiSdk;
		const { chat } = new OpenAI({ apiKey: 'bench', baseURL: url, maxRetries: 0 });
		return {
			ask: async () => {
				let text = '';
				for await (const chunk of await chat.completions.create(QUESTION)) text += textOf(chunk);
				return text;
			},
			close: async () => {},
		};
	},
	undici: async (url) => {
		const dispatcher = new Agent();
		return {
			ask: async () => await askBare(url, dispatcher),
			close: async () => await dispatcher.destroy(),
		};
	},
};

/** The least that reading a stream of events can take with these libraries; nothing is checked. */
async function askBare(url: string, dispatcher: Agent): Promise<string> {
	let text = '';
	const decoder = new TextDecoder();
	const parser = createParser({
		onEvent: ({ data }) => {
			if (data !== '[DONE]') text += textOf(JSON.parse(data) as Chunk);
		},
	});
	const { body } = await request(`${url}/chat/completions`, {
		dispatcher,
		method: 'POST',
		headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
		body: JSON.stringify(QUESTION),
	});
	for await (const chunk of body) parser.feed(decoder.decode(chunk as Buffer, { stream: true }));
	return text;
}

const textOf = ({ choices }: Chunk) => choices[0]?.delta?.content ?? '';
