import { createParser } from 'eventsource-parser';

import { Failure, shown } from '../failure';
import { parseJson } from '../json';
import type { Completion } from './api';
import { errorOf, hasFields, wholeChoice } from './choice';
import { CompletionBuilder } from './delta';
import { refusalOf } from './refusal';
import { isErrorObject, serverWords, statusOf } from './serverWords';
import type { TimeLimit } from './timeLimit';

/** A reply larger than this is no completion; it is refused before it fills the memory. */
const LARGEST_REPLY_CHARACTERS = 64 * 1024 * 1024;

/** Makes a completion of a reply's text, as it comes, in whatever shape it comes. */
export class ReplyReader {
	done = false;

	private readonly builder: CompletionBuilder;
	private readonly parser = createParser({
		onEvent: ({ data, event }) => this.onData(data, event),
		onComment: () => {
			this.keptAlive = true;
		},
	});
	private shape: 'unknown' | 'stream' | 'whole' = 'unknown';
	private whole = '';
	/** Without the blanks that may have come last. */
	private wholeLength = 0;
	private endsWithBrace = false;
	/** The first piece of a stream, to be shown when it turns out to be none. */
	private beginning = '';
	private keptAlive = false;
	private characters = 0;

	constructor(
		private readonly limit: TimeLimit,
		private readonly status: number,
		private readonly requestId: string | undefined,
		private readonly choices: number,
		onText: ((delta: string) => void) | undefined,
	) {
		this.builder = new CompletionBuilder(onText);
	}

	feed(text: string): void {
		this.characters += text.length;
		if (this.characters > LARGEST_REPLY_CHARACTERS)
			throw this.broken('is larger than 64 MB', this.whole);
		if (this.shape === 'unknown') text = this.decideShape(text);
		if (this.shape === 'whole') this.addWhole(text);
		if (this.shape === 'stream') this.parser.feed(text);
		this.limit.progress = `${this.builder.characters || this.whole.length} characters of the reply had come`;
	}

	get progress(): number {
		return this.shape === 'whole' ? this.wholeLength : this.builder.characters;
	}

	get seemsWhole(): boolean {
		if (this.shape === 'whole') return this.endsWithBrace;
		return this.builder.finished && this.builder.begun >= this.choices;
	}

	/** The body is over; a last event may lack its blank line. */
	end(rest: string): void {
		this.feed(rest);
		if (this.shape === 'stream') this.parser.feed('\n\n');
	}

	/** Whether the server has said why every choice ended, or that the stream is done; JSON has its end. */
	get isWhole(): boolean {
		if (this.shape === 'whole') return parseJson(this.whole) !== undefined;
		return this.builder.finished || (this.done && this.builder.begun > 0);
	}

	completion(): Completion {
		if (this.shape !== 'stream') return this.wholeCompletion();
		if (this.isWhole) return this.builder.build();
		// Comments come while a request waits for its turn: the server meant to go on.
		if (this.builder.begun > 0 || (this.keptAlive && !this.done)) throw this.cutOff();
		throw this.broken('holds no choices', this.beginning);
	}

	/** Looks at the new piece only: searching all of it for each would take minutes. */
	private addWhole(text: string): void {
		this.whole += text;
		const words = text.trimEnd();
		if (words === '') return;
		this.wholeLength = this.whole.length;
		this.endsWithBrace = words.endsWith('}');
	}

	/** A JSON body begins with a brace; anything else is read as a stream of events. */
	private decideShape(text: string): string {
		this.whole += text;
		const start = this.whole.trimStart();
		if (start === '') return '';
		// A page of a proxy under status 200 is kept whole, to show its first line.
		this.shape = /^[{[<]/.test(start) ? 'whole' : 'stream';
		this.beginning = this.whole;
		this.whole = '';
		return this.beginning;
	}

	private onData(data: string, event: string | undefined): void {
		if (this.done) return;
		const chunk = parseJson(data);
		if (chunk === undefined && /^\s*(\[DONE\]\s*)?$/.test(data)) {
			this.done = data.trim() !== '';
			return;
		}
		// Some servers leave out the blank line between events: then each line is one.
		if (chunk === undefined && data.trim().includes('\n')) {
			for (const line of data.split('\n')) this.onData(line, event);
		} else this.onChunk(chunk, data, event);
	}

	private onChunk(chunk: unknown, data: string, event: string | undefined): void {
		if (event === 'error') throw this.refused(chunk ?? data);
		if (chunk === undefined) throw this.broken('holds a data line that is not JSON', data, true);
		if (isErrorObject(chunk)) throw this.refused(chunk);
		if (!hasFields(chunk))
			throw this.broken('holds a data line that is no chunk of a completion', data);
		this.assertNoError(chunk.choices);
		this.builder.add(chunk);
	}

	private wholeCompletion(): Completion {
		const json = parseJson(this.whole);
		if (json === undefined && this.whole.trimStart().startsWith('{')) throw this.cutOff();
		if (json === undefined) {
			throw this.broken('is not a completion', serverWords(this.whole, this.status).words);
		}
		if (isErrorObject(json)) throw this.refused(json);
		const { choices } = json as Record<string, unknown>;
		if (!Array.isArray(choices) || choices.length === 0 || !choices.every(hasFields)) {
			throw this.broken('holds no choices', this.whole);
		}
		this.assertNoError(choices);
		return {
			...(json as Completion),
			choices: choices.map(wholeChoice).sort((a, b) => a.index - b.index),
		};
	}

	private assertNoError(choices: unknown): void {
		if (!Array.isArray(choices)) return;
		for (const choice of choices) {
			const error = hasFields(choice) && errorOf(choice);
			if (error) throw this.refused(error);
		}
	}

	private refused(value: unknown): Failure {
		const { words, requestId, code } = serverWords(JSON.stringify(value), 500);
		return refusalOf(statusOf(value) ?? 500, words, {
			requestId: this.requestId ?? requestId,
			code,
		});
	}

	private cutOff(): Failure {
		return new Failure(
			{ kind: 'brokenReply', ...(this.requestId && { requestId: this.requestId }) },
			`The reply broke off after ${this.builder.characters || this.whole.length} characters, before the server said why it ended`,
			'The connection or the server failed in the middle: run the workflow again.',
			{ transient: true },
		);
	}

	private broken(what: string, text: string, transient = false): Failure {
		const line = shown(text, 200);
		return new Failure(
			{ kind: 'brokenReply', ...(this.requestId && { requestId: this.requestId }) },
			`The reply ${what}${line && `: ${line}`}`,
			'Check the Base URL of the credential (a proxy or another service may be answering there), then try again.',
			{ transient },
		);
	}
}
