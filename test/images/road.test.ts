import { INLINE_CHARACTERS, RoadLessons } from '../../nodes/Gemma/images/road';

const MODEL = 'google/gemma-3-27b-it';
const OTHER = 'google/gemma-4-31b-it';
const MOST = 10;

type Lesson = (lessons: RoadLessons) => void;
const tooLarge: Lesson = (lessons) => lessons.learnInlineTooLarge(MODEL);
const unseen: Lesson = (lessons) => lessons.learnAssetsUnseen(MODEL);
const down: Lesson = (lessons) => lessons.learnAssetApiDown();

it('the limit is the documented one', () => {
	expect(INLINE_CHARACTERS).toBe(180_000);
});

it.each<[string, Lesson[], number, number, string, string]>([
	['small pictures go inline', [], 1000, 1, 'inline', 'inline'],
	['pictures at the limit go inline', [], 180_000, 10, 'inline', 'inline'],
	['pictures above it go as assets', [], 180_001, 10, 'asset', 'asset'],
	['too many for assets go inline', [], 180_001, 11, 'inline', 'inline'],
	['refused for their size, assets', [tooLarge], 1000, 1, 'asset', 'inline'],
	['refused for their size, and too many', [tooLarge], 1000, 11, 'inline', 'inline'],
	['unseen as assets, inline', [unseen], 180_001, 1, 'inline', 'asset'],
	['neither works, inline', [tooLarge, unseen], 1000, 1, 'inline', 'inline'],
	['no asset API, inline', [down], 180_001, 1, 'inline', 'inline'],
	['no asset API and too large', [tooLarge, down], 1000, 1, 'inline', 'inline'],
])('%s', (_, learned, characters, count, expected, ofAnotherModel) => {
	const lessons = new RoadLessons();
	for (const learn of learned) learn(lessons);
	expect(lessons.road(MODEL, characters, count, MOST)).toBe(expected);
	expect(lessons.road(OTHER, characters, count, MOST)).toBe(ofAnotherModel);
});

it('assets may work until something speaks against them', () => {
	const lessons = new RoadLessons();
	expect(lessons.assetsMayWork(MODEL, MOST, MOST)).toBe(true);
	expect(lessons.assetsMayWork(MODEL, MOST + 1, MOST)).toBe(false);
	lessons.learnAssetsUnseen(MODEL);
	expect(lessons.assetsMayWork(MODEL, 1, MOST)).toBe(false);
	expect(lessons.assetsMayWork(OTHER, 1, MOST)).toBe(true);
	lessons.learnAssetApiDown();
	expect(lessons.assetsMayWork(OTHER, 1, MOST)).toBe(false);
});

it('what one run learned, another does not know', () => {
	new RoadLessons().learnAssetApiDown();
	expect(new RoadLessons().assetsMayWork(MODEL, 1, MOST)).toBe(true);
});
