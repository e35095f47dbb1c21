import type { ChunkType, IExecuteFunctions } from 'n8n-workflow';

import { Failure } from '../failure';
import { AnswerFilter } from '../reply/reasoning';
import type { Redactor } from '../transport/redact';
import type { Work } from './work';

/** A reply failed after its beginning was shown, so that it cannot be asked for again. */
export class BrokenOff extends Error {}

/** Shows the reply of one item in n8n's chat. What was shown cannot be taken back. */
export class ChatStream {
	private shown = '';
	private begun = false;

	/**
	 * @param wordByWord whether the reply is shown while it is written; else at its end.
	 * @param tellsFailures whether the chat is told of a failure; n8n does so itself when it ends
	 * the run.
	 */
	constructor(
		private readonly send: (type: ChunkType, text?: string) => void,
		private readonly redactor: Redactor,
		private readonly wordByWord: boolean,
		private readonly tellsFailures: boolean,
	) {}

	/** Where the deltas of a new request go; of one that failed before, nothing was shown. */
	listener(): ((delta: string) => void) | undefined {
		if (!this.wordByWord) return undefined;
		const filter = new AnswerFilter();
		/** What may belong to a secret, until more of it has come. */
		let held = '';
		return (delta) => {
			held += filter.add(delta);
			const settled = this.redactor.settledLength(held);
			this.show(this.redactor.reply(held.slice(0, settled)));
			held = held.slice(settled);
		};
	}

	/** The reply is whole: shows what is left of its text. */
	finish(text: string): void {
		const clean = this.redactor.reply(text);
		if (clean.startsWith(this.shown)) this.show(clean.slice(this.shown.length));
		this.begin();
		this.send('end');
	}

	/** @throws BrokenOff when a part of the reply was shown, else the failure as it is. */
	failed(failure: unknown): never {
		if (!this.begun || !(failure instanceof Failure)) throw failure;
		const { facts, message, advice, transient } = failure;
		if (this.tellsFailures) this.send('error', this.redactor.text(message));
		const cause = new Failure(facts, message, advice, { transient, text: this.shown });
		throw new BrokenOff(message, { cause });
	}

	private show(text: string): void {
		if (text === '') return;
		this.begin();
		this.shown += text;
		this.send('item', text);
	}

	private begin(): void {
		if (!this.begun) this.send('begin');
		this.begun = true;
	}
}

/**
 * The chat that waits for an item's reply; nothing when the trigger does not stream, or the node is
 * an agent's tool, whose replies are the agent's affair.
 */
export function openChatStream({ context, session, itemIndex }: Work): ChatStream | undefined {
	if (!context.isStreaming()) return undefined;
	const { type } = context.getNode();
	if (type.endsWith('Tool')) return undefined;
	return new ChatStream(
		(chunk, text) => sendChunk(context, chunk, itemIndex, text),
		session.connection.redactor,
		// The chat puts what comes at one time into one message: several replies would be mixed up.
		context.getInputData().length === 1,
		context.continueOnFail(),
	);
}

/** A chat that was closed takes nothing more; the run goes on without it. */
function sendChunk(
	context: IExecuteFunctions,
	type: ChunkType,
	itemIndex: number,
	text?: string,
): void {
	const sending: unknown = context.sendChunk(type, itemIndex, text);
	Promise.resolve(sending).catch(() => {});
}
