/** The chat completions API in its own words (OpenAI's shape, as NVIDIA and others serve it). */

export interface TextPart {
	type: 'text';
	text: string;
}

export interface ImagePart {
	type: 'image_url';
	image_url: { url: string };
}

export interface ChatMessage {
	role: 'system' | 'user' | 'assistant';
	content: string | Array<TextPart | ImagePart>;
}

export interface ChatRequest {
	model: string;
	messages: ChatMessage[];
	stream: boolean;
	stream_options?: { include_usage: boolean };
	[field: string]: unknown;
}

export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
	[field: string]: unknown;
}

export interface ToolCall {
	id?: string;
	type?: string;
	function?: { name?: string; arguments?: string };
	[field: string]: unknown;
}

export interface AssistantMessage {
	role: 'assistant';
	content: string | null;
	reasoning_content?: string;
	tool_calls?: ToolCall[];
	[field: string]: unknown;
}

export interface Choice {
	index: number;
	message: AssistantMessage;
	finish_reason: string | null;
	[field: string]: unknown;
}

export interface Completion {
	id: string;
	object: 'chat.completion';
	created: number;
	model: string;
	choices: Choice[];
	usage?: Usage;
	[field: string]: unknown;
}

/** The reply to `POST {nvcfUrl}/assets`. */
export interface CreatedAsset {
	assetId: string;
	uploadUrl: string;
}

export interface Model {
	id: string;
}
