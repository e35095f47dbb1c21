import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

import { openHttp, type TestServer } from '../../test/support/servers';

interface ChatRequest {
	stream?: boolean;
	messages: Array<{ role: string; content: unknown }>;
	tools?: Array<{ function: { name: string } }>;
}

/** A chat model of OpenAI's make for an agent: it calls a tool, then says what the tool said. */
export interface ChatModel extends TestServer {
	/** All requests so far. */
	readonly asked: ChatRequest[];
}

/** @param toolInput what it gives to the first tool it is offered. */
export async function openChatModel(toolInput: object): Promise<ChatModel> {
	const asked: ChatRequest[] = [];
	const server = await openHttp((request, response) => {
		void read(request).then((chat) => {
			asked.push(chat);
			const message = answerTo(chat, toolInput);
			const isCall = 'tool_calls' in message;
			const finish_reason = isCall ? 'tool_calls' : 'stop';
			const common = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'stub' };
			if (!chat.stream) {
				const choices = [{ index: 0, message, finish_reason }];
				response.setHeader('content-type', 'application/json');
				response.end(JSON.stringify({ ...common, object: 'chat.completion', choices, usage }));
				return;
			}
			const chunk = { ...common, object: 'chat.completion.chunk' };
			response.setHeader('content-type', 'text/event-stream');
			const events = [
				{ ...chunk, choices: [{ index: 0, delta: message, finish_reason: null }] },
				{ ...chunk, choices: [{ index: 0, delta: {}, finish_reason }] },
			];
			for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
			response.end('data: [DONE]\n\n');
		});
	});
	return Object.assign(server, { asked });
}

const usage = { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 };

const read = async (request: IncomingMessage) => JSON.parse(await text(request)) as ChatRequest;

function answerTo({ messages, tools = [] }: ChatRequest, toolInput: object) {
	const told = messages.find(({ role }) => role === 'tool');
	if (told) return { role: 'assistant', content: `Gemma says: ${String(told.content)}` };
	const call = { name: tools[0]?.function.name, arguments: JSON.stringify(toolInput) };
	return {
		role: 'assistant',
		content: null,
		tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }],
	};
}
