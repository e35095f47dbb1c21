import { arrange } from '../conversation/arrange';
import { asCaught, Caught, inputFailure } from '../failure';
import { splitReasoning } from '../reply/reasoning';
import { addUsage } from '../reply/usage';
import type { Reader, Step } from '../summary/digest';
import { shownTogether } from '../summary/pack';
import { notesPrompt, summaryPrompt, type Wish } from '../summary/prompts';
import { estimateTokens, fewestTokens, SLACK } from '../tokens';
import type { Completion, Usage } from '../transport/api';
import { refusalOf } from '../transport/refusal';
import type { TimeLimit } from '../transport/timeLimit';
import { ask } from './ask';
import type { Options } from './options';
import type { Answer, Question } from './question';
import type { Session } from './session';

/** Notes take no more of the context than this share of it, and never more than so many tokens. */
const NOTES_SHARE = 1 / 8;
const MOST_NOTES_TOKENS = 1024;
const WORDS_A_TOKEN = 0.6;
/** The room that is kept for the summary, at most: a small context would have none for the text. */
const REPLY_SHARE = 1 / 2;
/** A request for less text than this is not worth sending. */
const LEAST_ROOM = 64;
/** A server that counts fewer tokens than this has rather read the rest from its cache than cut it. */
const LEAST_CUT = 1024;
/** Of the words of a prompt, those that even a server with a tokenizer of its own must have counted. */
const COUNTED = 0.75;

/** The requests of one digest, and what they cost. */
export class SummaryReader implements Reader<Answer> {
	/** Tokens of all requests so far. */
	usage: Usage | undefined;
	/** Tokens that the last request for a summary left for the reply; 0 before there was one. */
	summaryTokens = 0;

	constructor(
		private readonly session: Session,
		private readonly model: string,
		private readonly options: Options,
		private readonly wish: Wish,
		private readonly limit: TimeLimit,
		readonly stop: () => void,
		readonly progress: (done: number, of: number) => void,
	) {}

	room(kind: Step['kind'], fromNotes: boolean): number {
		const context = this.context();
		const instructions = estimateTokens(this.prompt(kind, '', fromNotes));
		const left = Math.floor(context - this.replyTokens(kind) - instructions - SLACK);
		if (left >= LEAST_ROOM) return left;
		throw inputFailure(
			'Context Size (Tokens)',
			`The context of ${context} tokens has no room for a text beside the instructions and the reply`,
			'Raise Context Size under Options if the server takes more, shorten Instruction and Focus, or lower Maximum Number of Tokens.',
		);
	}

	async ask({ kind, sources, fromNotes }: Step): Promise<Answer | undefined> {
		const prompt = this.prompt(kind, shownTogether(sources), fromNotes);
		const tried = this.context();
		const question = this.question(kind, prompt);
		const answer = await this.limit
			.alongside(async () => await ask(this.session, question, this.limit))
			.catch(asCaught);
		if (!(answer instanceof Caught)) {
			this.usage = addUsage(answer.completion, this.usage).usage;
			if (isWhole(answer.completion, prompt)) return answer;
		}
		const error = answer instanceof Caught ? answer.error : wasCut(answer.completion);
		if (this.session.contexts.learn(error, this.model, tried)) return undefined;
		throw error as Error;
	}

	textOf({ completion }: Answer): string {
		const [{ finish_reason: reason, message }] = completion.choices;
		if (reason === 'length') {
			this.session.hints.add(
				`Notes on a part of a long text were cut off at ${this.replyTokens('notes')} tokens, so the summary may lack something: use a model or a Context Size that takes the text in fewer parts, or name a Focus.`,
			);
		}
		return splitReasoning(message).text;
	}

	/** The question as one request asks it. */
	question(kind: Step['kind'], prompt: string): Question {
		const most = this.replyTokens(kind);
		const sampling: Options['sampling'] = { ...this.options.sampling, max_tokens: most };
		if (kind === 'notes') delete sampling.stop;
		else this.summaryTokens = most;
		return {
			model: this.model,
			conversation: arrange([{ role: 'user', text: prompt }]),
			pictures: [],
			options: { ...this.options, sampling },
			format: { kind: 'text' },
		};
	}

	private context(): number {
		return this.session.contexts.of(this.model, this.options.contextTokens);
	}

	private replyTokens(kind: Step['kind']): number {
		const context = this.context();
		return kind === 'notes'
			? Math.min(MOST_NOTES_TOKENS, Math.floor(context * NOTES_SHARE))
			: Math.min(this.options.sampling.max_tokens, Math.floor(context * REPLY_SHARE));
	}

	private prompt(kind: Step['kind'], material: string, fromNotes: boolean): string {
		if (kind === 'summary') return summaryPrompt(this.wish, material, fromNotes);
		const mostWords = Math.floor(this.replyTokens('notes') * WORDS_A_TOKEN);
		return notesPrompt(this.wish, material, mostWords);
	}
}

/** Some servers, Ollama among them, silently leave out of a prompt what they have no room for. */
function isWhole({ usage }: Completion, prompt: string): boolean {
	const tokens = usage?.prompt_tokens ?? 0;
	return tokens < LEAST_CUT || tokens >= fewestTokens(prompt) * COUNTED;
}

const wasCut = ({ usage }: Completion) =>
	refusalOf(
		200,
		`The server left a part of the prompt out: it has a context length of ${usage?.prompt_tokens} tokens`,
	);
