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

const OPENING = '<think>';
const CLOSING = '</think>';

/** Lets an answer through while it grows, as `splitReasoning` would part it in the end. */
export class AnswerFilter {
	private stage: 'start' | 'thinking' | 'gap' | 'answer' = 'start';
	/** What came and is not decided upon. */
	private held = '';

	/** @returns what this piece of the content adds to the answer; '' while that is not clear. */
	add(piece: string): string {
		this.held += piece;
		if (this.stage === 'start') this.open();
		if (this.stage === 'thinking') this.close();
		if (this.stage === 'gap') {
			this.held = this.held.trimStart();
			if (this.held !== '') this.stage = 'answer';
		}
		if (this.stage !== 'answer') return '';
		const answer = this.held;
		this.held = '';
		return answer;
	}

	private open(): void {
		const start = this.held.trimStart();
		if (start.startsWith(OPENING)) {
			this.stage = 'thinking';
			this.held = start.slice(OPENING.length);
		} else if (!OPENING.startsWith(start)) this.stage = 'answer';
	}

	private close(): void {
		const end = this.held.indexOf(CLOSING);
		if (end >= 0) this.stage = 'gap';
		// The end of what came may be the beginning of the closing tag.
		this.held = this.held.slice(end >= 0 ? end + CLOSING.length : 1 - CLOSING.length);
	}
}
