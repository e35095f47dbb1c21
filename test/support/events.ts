/** One chunk of a streamed completion, by its delta. */
export const delta = (
	fields: Record<string, unknown>,
	finish: string | null = null,
	index = 0,
) => ({
	id: 'chatcmpl-1',
	object: 'chat.completion.chunk',
	created: 1700000000,
	model: 'google/gemma-3-27b-it',
	choices: [{ index, delta: fields, finish_reason: finish }],
});

export const content = (text: string) => delta({ content: text });

/** An event of a stream: a value as JSON, or a text as it is. */
export const event = (data: unknown): string =>
	`data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

/** The body of a stream. */
export const events = (...data: unknown[]): string => data.map(event).join('');

export const stop = delta({}, 'stop');

/** A whole completion as one JSON reply. */
export const wholeCompletion = (text: string | null, fields: Record<string, unknown> = {}) => ({
	id: 'chatcmpl-1',
	object: 'chat.completion',
	created: 1700000000,
	model: 'google/gemma-3-27b-it',
	choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
	usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8 },
	...fields,
});
