import { estimateTokens } from '../../nodes/Gemma/tokens';
import { Failure, inputFailure } from '../../nodes/Gemma/failure';
import { digest, type Reader, type Step } from '../../nodes/Gemma/summary/digest';
import { shownTogether } from '../../nodes/Gemma/summary/pack';
import { rejectionOf } from '../support/failure';

interface Model {
	/** Tokens of material that a request is thought to hold. */
	room: number;
	/** What it truly holds. */
	holds?: number;
	notes?: (material: string) => string;
	fails?: (step: Step) => boolean;
}

/** A reader that remembers what it was asked. */
function reader({ room, holds = room, notes = () => 'noted', fails = () => false }: Model) {
	const steps: Step[] = [];
	const progress: string[] = [];
	let now = room;
	let stopped = 0;
	const asked: Reader<string> = {
		room: () => now,
		ask: async (step) => {
			steps.push(step);
			await Promise.resolve();
			if (fails(step)) throw inputFailure('Field', 'broken', 'advice');
			const material = shownTogether(step.sources);
			if (estimateTokens(material) > holds) {
				now = Math.min(now, holds);
				return undefined;
			}
			return step.kind === 'notes' ? notes(material) : `summary of ${material}`;
		},
		textOf: (reply) => reply,
		stop: () => stopped++,
		progress: (done, of) => progress.push(`${done}/${of}`),
	};
	const kinds = () => steps.map(({ kind }) => kind);
	return { asked, steps, kinds, progress, stopped: () => stopped };
}

const text = (words: number) => Array.from({ length: words }, (_, at) => `word${at}.`).join(' ');
const alone = (words: number) => [{ label: '', text: text(words) }];

it('takes one request for what fits', async () => {
	const { asked, kinds, progress } = reader({ room: 1000 });
	expect(await digest(asked, alone(5))).toBe(`summary of ${text(5)}`);
	expect([kinds(), progress]).toEqual([['summary'], []]);
});

it('reads what does not fit in parts, and summarizes the notes in their order', async () => {
	const { asked, kinds, progress } = reader({
		room: 300,
		notes: (material) => `from ${/word\d+/.exec(material)?.[0]}`,
	});
	const summary = await digest(asked, alone(250));
	const firsts = [...summary.matchAll(/from word(\d+)/g)].map(([, number]) => Number(number));
	expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
	expect(firsts[0]).toBe(0);
	expect(kinds()).toEqual([...firsts.map(() => 'notes'), 'summary']);
	expect(progress.at(-1)).toBe(`${firsts.length}/${firsts.length}`);
});

it('takes notes of notes where the notes do not fit', async () => {
	const { asked, steps, kinds } = reader({
		room: 100,
		notes: () => 'A note of some length. '.repeat(3),
	});
	await digest(asked, alone(1500));
	expect(kinds().at(-1)).toBe('summary');
	expect(steps.some(({ kind, fromNotes }) => kind === 'notes' && fromNotes)).toBe(true);
});

it('comes to an end with a model that writes as much as it reads, and one that writes more', async () => {
	for (const notes of [(material: string) => material, (material: string) => material + material]) {
		const { asked, steps } = reader({ room: 120, notes });
		await digest(asked, alone(600));
		expect(steps.length).toBeLessThan(100);
	}
});

it('goes on in smaller parts when the server holds less, and asks again only for what was refused', async () => {
	const { asked, steps } = reader({ room: 1000, holds: 250 });
	const summary = await digest(asked, alone(900));
	expect(summary).toContain('noted');
	const read = steps
		.filter(
			({ kind, sources }) => kind === 'notes' && estimateTokens(shownTogether(sources)) <= 250,
		)
		.map(({ sources }) => sources.map((source) => source.text).join(' '));
	expect(read.join(' ').replace(/\s+/g, '')).toContain(text(5).replace(/\s+/g, ''));
	expect(new Set(read).size).toBe(read.length);
});

it('names the part that failed, and stops the others', async () => {
	const { asked, stopped } = reader({
		room: 300,
		fails: ({ sources }) => shownTogether(sources).includes('word249'),
	});
	const failure = await rejectionOf(digest(asked, alone(250)));
	expect(failure.message).toMatch(/^Part (\d+) of \1: broken$/);
	expect(failure.facts).toEqual({ kind: 'input', field: 'Field' });
	expect(stopped()).toBe(1);
});

it('a text that is one part fails without a number', async () => {
	const { asked } = reader({ room: 300, fails: () => true });
	expect((await rejectionOf(digest(asked, alone(5)))).message).toBe('broken');
});

it('notes that say nothing are an error', async () => {
	const { asked } = reader({ room: 300, notes: () => ' ' });
	const failure: Failure = await rejectionOf(digest(asked, alone(250)));
	expect(failure.facts.kind).toBe('brokenReply');
});
