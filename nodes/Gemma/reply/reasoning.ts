import type { AssistantMessage } from '../transport/api';

export interface SplitReply {
	text: string;
	/** What the model thought before it answered; nothing when it did not say. */
	reasoning?: string;
}

/** A think block at the very start; a reply that was cut off may never close it. */
const THINK = /^\s*<think>([\s\S]*?)(?:<\/think>\s*|$)/;

/** Parts a message into its answer and its reasoning, which servers send apart or in a think block. */
export function splitReasoning(message: AssistantMessage): SplitReply {
	const content = message.content ?? '';
	const block = THINK.exec(content);
	const text = block ? content.slice(block[0].length) : content;
	const apart = [message.reasoning_content, message.reasoning].find(
		(value): value is string => typeof value === 'string' && value !== '',
	);
	const reasoning = [apart, block?.[1].trim()].filter(Boolean).join('\n\n');
	return { text, ...(reasoning && { reasoning }) };
}
