/** Enough for the pictures of any request here to have been seen. */
const USAGE = { prompt_tokens: 1000, completion_tokens: 2, total_tokens: 1002 };

const head = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'google/gemma-3-27b-it' };

/** One short completion as one JSON reply. */
export const WHOLE = JSON.stringify({
	...head,
	object: 'chat.completion',
	choices: [
		{ index: 0, message: { role: 'assistant', content: 'All right' }, finish_reason: 'stop' },
	],
	usage: USAGE,
});

const event = (more: object) =>
	`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', ...more })}\n\n`;

const delta = (content: string) =>
	event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });

const ENDING = [
	event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
	event({ choices: [], usage: USAGE }),
	'data: [DONE]\n\n',
];

/** The same completion as a stream. */
export const STREAMED = [delta('All'), delta(' right'), ...ENDING].join('');

/**
 * A whole HTTP reply that streams so many tokens, each event in a chunk of its own, as servers
 * write them.
 */
export function streamOf(tokens: number): Buffer {
	const words = ['The', ' picture', ' shows', ' a', ' quiet', ' street', ' in', ' the', ' rain.\n'];
	const events = Array.from({ length: tokens }, (_, i) => delta(words[i % words.length]));
	const chunks = [...events, ...ENDING].map(
		(text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`,
	);
	const headers =
		'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
	return Buffer.from(`${headers}${chunks.join('')}0\r\n\r\n`);
}
