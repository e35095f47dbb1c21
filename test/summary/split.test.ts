import fc from 'fast-check';
import { estimateTokens } from '../../nodes/Gemma/tokens';
import { pack, shownTogether, type Source } from '../../nodes/Gemma/summary/pack';
import { splitText } from '../../nodes/Gemma/summary/split';

const solid = (text: string) => text.replace(/\s+/g, '');
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Words, sentences, paragraphs, scripts without spaces, emoji and odd blank space, in any order. */
const anyText = fc
	.array(
		fc.oneof(
			fc.constantFrom(
				'Word',
				'a',
				'Überraschung',
				'слово',
				'漢字かな',
				'🙂👍🏽',
				'12345',
				'x'.repeat(90),
			),
			fc.constantFrom(' ', '. ', '! ', '。', '\n', '\n\n', '\r\n\r\n', '\n \n', '\t', '\u00a0'),
			fc.string({ unit: 'grapheme', maxLength: 12 }),
		),
		{ maxLength: 80 },
	)
	.map((bits) => bits.join(''));

const limit = fc.integer({ min: 3, max: 60 });

describe('splitting', () => {
	it('loses nothing but blank space at the borders, and keeps every part within its limit', () => {
		fc.assert(
			fc.property(anyText, limit, (text, mostTokens) => {
				const parts = splitText(text, mostTokens);
				expect(solid(parts.join(''))).toBe(solid(text));
				for (const part of parts) {
					expect(estimateTokens(part)).toBeLessThanOrEqual(mostTokens);
					expect(part).not.toMatch(LONE_SURROGATE);
				}
				let at = 0;
				for (const part of parts) {
					expect(text.indexOf(part, at)).toBeGreaterThanOrEqual(at);
					at = text.indexOf(part, at) + part.length;
				}
			}),
		);
	});

	it('leaves what fits in one part', () => {
		expect(splitText('  One. Two.\n\nThree. ', 100)).toEqual(['One. Two.\n\nThree.']);
		expect(splitText(' \n ', 10)).toEqual([]);
	});

	it('cuts at paragraphs, else at sentences, else at words, else between characters', () => {
		const paragraph = 'Some words stand here together.';
		const tokens = estimateTokens(paragraph) + 2;
		expect(splitText(`${paragraph}\n\n${paragraph}`, tokens)).toEqual([paragraph, paragraph]);
		expect(splitText(`${paragraph} ${paragraph}`, tokens)).toEqual([paragraph, paragraph]);
		expect(splitText('first second third', 5)).toEqual(['first second', 'third']);
		expect(splitText('🙂'.repeat(4), 5)).toEqual(['🙂🙂', '🙂🙂']);
		expect(splitText('今日は雨です。明日は晴れです。', 9)).toEqual([
			'今日は雨です。',
			'明日は晴れです。',
		]);
	});

	it('cuts no word in a long text without ends of sentences', () => {
		const words = Array.from({ length: 3000 }, (_, index) => `word${index}tail`);
		for (let mostTokens = 20; mostTokens < 40; mostTokens++) {
			const parts = splitText(words.join(' '), mostTokens);
			expect(parts.flatMap((part) => part.split(' '))).toEqual(words);
		}
	});

	it.each([
		['without ends of sentences', 'word and more '.repeat(40_000)],
		['of one word', 'x'.repeat(500_000)],
		['of one-letter paragraphs', 'a\n\n'.repeat(150_000)],
		['of blanks and lines', `${' '.repeat(200_000)}x${'\n'.repeat(200_000)}`],
		['without spaces', '漢字。'.repeat(100_000)],
	])('takes no longer than its length asks for a text %s', (_, text) => {
		const startedAt = performance.now();
		splitText(text, 2000);
		expect(performance.now() - startedAt).toBeLessThan(5000);
	});
});

describe('packing', () => {
	const numbered = (texts: string[]): Source[] =>
		texts.map((text, index) => ({ label: String(index + 1), text }));

	it('keeps the order, loses no text and fills no part beyond its limit', () => {
		fc.assert(
			fc.property(
				fc.array(anyText, { maxLength: 8 }),
				fc.integer({ min: 20, max: 200 }),
				(texts, most) => {
					const parts = pack(numbered(texts), most);
					const shown = parts.map(shownTogether);
					for (const part of shown) expect(estimateTokens(part)).toBeLessThanOrEqual(most);
					const together = parts.flat().map(({ text }) => text);
					expect(solid(together.join(''))).toBe(solid(texts.join('')));
				},
			),
		);
	});

	it('needs no more parts than the texts could fill, give or take their borders', () => {
		const texts = Array.from({ length: 200 }, (_, index) =>
			`Entry ${index} of the feed. `.repeat(4),
		);
		const most = 1000;
		const tokens = estimateTokens(shownTogether(numbered(texts)));
		expect(pack(numbered(texts), most).length).toBeLessThanOrEqual(
			Math.ceil((tokens * 1.1) / most),
		);
	});

	it('says where a text goes on', () => {
		const parts = pack(numbered(['one two three four five six seven eight nine', 'ten']), 12);
		expect(parts.flat().map(({ label }) => label)).toEqual([
			'1',
			...parts
				.flat()
				.slice(1, -1)
				.map(() => '1, continued'),
			'2',
		]);
		expect(parts.length).toBeGreaterThan(1);
	});
});
