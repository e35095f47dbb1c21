import type { Choice, Completion, ToolCall, Usage } from './api';
import { contentText, hasFields } from './choice';

type Fields = Record<string, unknown>;

const MOST_TOOL_CALLS = 128;

/** Puts the chunks of a stream together into the completion that one JSON reply would have been. */
export class CompletionBuilder {
	private readonly choices = new Map<number, Choice>();
	/** Whatever else the chunks hold, as it came last. */
	private readonly rest: Fields = {};
	private id = '';
	private created = 0;
	private model = '';
	private usage: Usage | undefined;

	/** Characters of text so far, over all choices. */
	characters = 0;

	/** @param onText is called with each piece of choice 0's text that a chunk adds. */
	constructor(private readonly onText?: (delta: string) => void) {}

	// Called for every token: no object is made here, and no list of names.
	add(chunk: Fields): void {
		for (const name in chunk) {
			const value = chunk[name];
			switch (name) {
				case 'choices':
					if (Array.isArray(value))
						for (const choice of value) if (hasFields(choice)) this.addChoice(choice);
					break;
				case 'id':
					this.id ||= asText(value);
					break;
				case 'created':
					this.created ||= asNumber(value, 0);
					break;
				case 'model':
					this.model ||= asText(value);
					break;
				case 'usage':
					if (value) this.usage = value as Usage;
					break;
				case 'object':
					break;
				default:
					this.rest[name] = value;
			}
		}
	}

	/** Whether every choice that began has said why it ended. */
	get finished(): boolean {
		return (
			this.choices.size > 0 && [...this.choices.values()].every((choice) => choice.finish_reason)
		);
	}

	/** How many choices have begun. */
	get begun(): number {
		return this.choices.size;
	}

	build(): Completion {
		return {
			...this.rest,
			id: this.id,
			created: this.created,
			model: this.model,
			object: 'chat.completion',
			choices: [...this.choices.values()].sort((a, b) => a.index - b.index),
			...(this.usage && { usage: this.usage }),
		};
	}

	private addChoice({ index, delta, message, text, finish_reason, logprobs }: Fields): void {
		const choice = this.choiceAt(asNumber(index, 0));
		if (hasFields(delta)) this.addDelta(choice, delta);
		else if (hasFields(message)) this.addWhole(choice, message);
		// The older completions API has the text in the choice itself.
		else if (text) this.addText(choice, contentText(text));
		if (finish_reason) choice.finish_reason = asText(finish_reason);
		if (logprobs) choice.logprobs = joinLogprobs(choice.logprobs as Fields, logprobs as Fields);
	}

	private choiceAt(index: number): Choice {
		const known = this.choices.get(index);
		if (known) return known;
		const choice: Choice = {
			index,
			message: { role: 'assistant', content: null },
			finish_reason: null,
		};
		this.choices.set(index, choice);
		return choice;
	}

	/** Some servers close a stream with the whole message instead of a last delta. */
	private addWhole(choice: Choice, message: Fields): void {
		const { content } = choice.message;
		const whole = contentText(message.content);
		choice.message = {
			...choice.message,
			...message,
			role: 'assistant',
			content: whole || content,
		};
	}

	private addDelta(choice: Choice, delta: Fields): void {
		const { message } = choice;
		for (const name in delta) {
			const value = delta[name];
			if (value === null || value === undefined || name === 'role') continue;
			if (name === 'content') this.addText(choice, contentText(value));
			else if (name === 'tool_calls') {
				const pieces = Array.isArray(value) ? (value as Array<ToolCall | null>) : [];
				message.tool_calls = joinToolCalls(message.tool_calls, pieces);
			} else if (typeof value === 'string') {
				this.characters += value.length;
				message[name] = `${(message[name] as string | null | undefined) ?? ''}${value}`;
			} else message[name] = value;
		}
	}

	private addText({ index, message }: Choice, text: string | null): void {
		if (text === null) return;
		this.characters += text.length;
		message.content = (message.content ?? '') + text;
		if (index === 0) this.onText?.(text);
	}
}

/** Tool calls come in pieces, each with the index of the call it belongs to. */
function joinToolCalls(known: ToolCall[] = [], pieces: Array<ToolCall | null>): ToolCall[] {
	const calls = [...known];
	for (const [position, entry] of pieces.entries()) {
		const { index, function: piece, ...rest } = entry ?? {};
		// A number out of all reason would make a list as long; no reply holds that many calls.
		const given = asNumber(index, position);
		const at = given >= 0 && given < MOST_TOOL_CALLS ? given : calls.length;
		const call = calls[at] ?? {};
		calls[at] = {
			...call,
			...rest,
			function: {
				...call.function,
				...piece,
				arguments: `${call.function?.arguments ?? ''}${piece?.arguments ?? ''}`,
			},
		};
	}
	return calls;
}

function joinLogprobs(known: Fields | undefined, more: Fields): Fields {
	const content = [known?.content, more.content].filter(Array.isArray).flat() as unknown[];
	return { ...known, ...more, content };
}

/** A text or a number as text; nothing else has a text that is worth showing. */
const asText = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const asNumber = (value: unknown, otherwise: number): number => {
	const number = typeof value === 'string' ? Number(value) : value;
	return typeof number === 'number' && Number.isFinite(number) ? number : otherwise;
};
