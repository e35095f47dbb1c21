import { asCaught, Caught, Failure, isCancelled } from '../failure';
import { estimateTokens } from '../tokens';
import { pack, type Source } from './pack';
import { splitText } from './split';

/** One request of a digest: notes on a part of the material, or the summary itself. */
export interface Step {
	kind: 'notes' | 'summary';
	sources: Source[];
	/** Whether the sources are notes already. */
	fromNotes: boolean;
}

/** How a digest reaches its model. */
export interface Reader<Reply> {
	/** Tokens of material that a request of this kind may hold by now. @throws Failure when it is none. */
	room(kind: Step['kind'], fromNotes: boolean): number;
	/**
	 * @returns nothing when it was too long: there is less room from now on.
	 * @throws Failure.
	 */
	ask(step: Step): Promise<Reply | undefined>;
	/** The notes of a reply. */
	textOf(reply: Reply): string;
	/** One of the parts failed: the others need not be read. */
	stop(): void;
	/** So many parts of the material are read. */
	progress(done: number, of: number): void;
}

/** Longer notes than this share of a request would not make the material shorter. */
const LONGEST_NOTES = 1 / 3;

/**
 * Summarizes texts of any length: in one request when they fit, else by notes on parts as large as
 * they can be, several at once, and a summary of the notes; of notes on notes where it takes that.
 *
 * @throws Failure; that of a part names the part.
 */
export async function digest<Reply>(reader: Reader<Reply>, texts: Source[]): Promise<Reply> {
	let sources = texts;
	for (let fromNotes = false; ; fromNotes = true) {
		const summary = await summaryOf(reader, sources, fromNotes);
		if (summary) return summary;
		const parts = pack(sources, reader.room('notes', fromNotes));
		let done = 0;
		const notes = await together(reader, parts, async (part) => {
			const own = await notesOn(reader, part, fromNotes);
			reader.progress(++done, parts.length);
			return own;
		});
		sources = notes.flat().map((text, index) => ({ label: `Part ${index + 1}`, text }));
		if (sources.length === 0) throw nothingNoted();
	}
}

/** The summary, or nothing when the sources do not fit into one request. */
async function summaryOf<Reply>(
	reader: Reader<Reply>,
	sources: Source[],
	fromNotes: boolean,
): Promise<Reply | undefined> {
	while (pack(sources, reader.room('summary', fromNotes)).length === 1) {
		const reply = await reader.ask({ kind: 'summary', sources, fromNotes });
		if (reply) return reply;
	}
	return undefined;
}

/** Notes on a part; on several smaller ones when it was too long for the server. */
async function notesOn<Reply>(
	reader: Reader<Reply>,
	part: Source[],
	fromNotes: boolean,
): Promise<string[]> {
	const reply = await reader.ask({ kind: 'notes', sources: part, fromNotes });
	if (reply) return shortened(reader.textOf(reply), reader.room('notes', true) * LONGEST_NOTES);
	const smaller = pack(part, reader.room('notes', fromNotes));
	const notes = await together(reader, smaller, async (each) => notesOn(reader, each, fromNotes));
	return notes.flat();
}

/** A model that writes on and on would keep the notes from ever fitting into one request. */
function shortened(notes: string, mostTokens: number): string[] {
	if (notes.trim() === '') return [];
	return estimateTokens(notes) <= mostTokens ? [notes] : splitText(notes, mostTokens).slice(0, 1);
}

/** Reads parts at the same time. The first failure ends the others, and names its part. */
async function together<Result>(
	reader: Reader<unknown>,
	parts: Source[][],
	read: (part: Source[]) => Promise<Result>,
): Promise<Result[]> {
	let first: Caught | undefined;
	const results = await Promise.all(
		parts.map(async (part, index) => {
			const result = await read(part).catch(asCaught);
			if (!(result instanceof Caught)) return [result];
			// Those that are stopped fail after the one that stops them.
			first ??= new Caught(
				parts.length > 1 ? ofPart(result.error, index, parts.length) : result.error,
			);
			reader.stop();
			return [];
		}),
	);
	if (first) throw first.error;
	return results.flat();
}

function ofPart(error: unknown, index: number, total: number): unknown {
	if (!(error instanceof Failure) || isCancelled(error)) return error;
	const { facts, message, advice, transient } = error;
	return new Failure(facts, `Part ${index + 1} of ${total}: ${message}`, advice, { transient });
}

const nothingNoted = () =>
	new Failure(
		{ kind: 'brokenReply' },
		'The text was read in parts, and the model answered nothing about any of them',
		'Use another model, and look for an option that ends its replies at once.',
	);
