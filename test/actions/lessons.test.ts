import { Hints } from '../../nodes/Gemma/actions/hintList';
import {
	failureFor,
	learnFrom,
	noteFallback,
	UploadFailed,
} from '../../nodes/Gemma/actions/lessons';
import type { Attempt, Question } from '../../nodes/Gemma/actions/question';
import type { Session } from '../../nodes/Gemma/actions/session';
import type { Options } from '../../nodes/Gemma/actions/options';
import { Failure, inputFailure } from '../../nodes/Gemma/failure';
import { RoadLessons } from '../../nodes/Gemma/images/road';
import { refusalOf } from '../../nodes/Gemma/transport/refusal';
import { question as asked } from '../support/transport';

const MODEL = 'google/gemma-3-27b-it';

/** A session as far as lessons are concerned. */
const sessionOf = (server: 'nvidia' | 'openAiCompatible' = 'nvidia') =>
	({
		connection: { server },
		hints: new Hints(),
		roads: new RoadLessons(),
		foldSystemFor: new Set(),
		goneModels: new Set(),
		responseFormatRefusedBy: new Set(),
		streamOptionsRefused: false,
	}) as unknown as Session;

const questionOf = (options: Partial<Options> = {}, system = 'Be brief') =>
	({
		model: MODEL,
		conversation: { system, turns: [] },
		pictures: [{}],
		options: {
			systemPlacement: 'auto',
			imageTransfer: 'auto',
			fallbackModel: '',
			additionalBody: {},
			...options,
		},
	}) as unknown as Question;

const attemptOf = (more: Partial<Attempt> = {}): Partial<Attempt> => ({
	road: 'inline',
	foldSystem: false,
	request: { ...asked, stream_options: { include_usage: true } },
	...more,
});

const streamOptions = refusalOf(400, 'stream_options is not supported');
const systemRole = refusalOf(400, 'System role not supported');
const tooLarge = refusalOf(413, '');
const noAsset = refusalOf(404, "Asset 'x' does not exist");
const gone = refusalOf(410, 'Gone');

describe('a refusal of stream_options', () => {
	it('is a lesson for the whole run, also for those whose request was on its way', () => {
		const session = sessionOf();
		const [first, second] = [attemptOf(), attemptOf()];
		expect(learnFrom(streamOptions, session, questionOf(), first)).toBe(true);
		expect(session.streamOptionsRefused).toBe(true);
		expect(learnFrom(streamOptions, session, questionOf(), second)).toBe(true);
	});

	it('is a failure when the request had none, or the user gave them', () => {
		const session = sessionOf();
		expect(learnFrom(streamOptions, session, questionOf(), attemptOf({ request: asked }))).toBe(
			false,
		);
		const own = questionOf({ additionalBody: { stream_options: {} } });
		expect(learnFrom(streamOptions, session, own, attemptOf())).toBe(false);
		expect(session.streamOptionsRefused).toBe(false);
	});
});

describe('a refusal of response_format', () => {
	const converting = refusalOf(500, 'JSON schema conversion failed: Unsupported schema type');

	it('is a lesson for this model, also as a fault of the server', () => {
		const session = sessionOf();
		const attempt = attemptOf({ request: { ...asked, response_format: {} } });
		expect(learnFrom(converting, session, questionOf(), attempt)).toBe(true);
		expect(session.responseFormatRefusedBy.has(MODEL)).toBe(true);
	});

	it('is a failure when the request had none', () => {
		expect(learnFrom(converting, sessionOf(), questionOf(), attemptOf())).toBe(false);
	});
});

describe('a refusal of the system role', () => {
	it('is a lesson for this model, also for those whose request was on its way', () => {
		const session = sessionOf();
		expect(learnFrom(systemRole, session, questionOf(), attemptOf())).toBe(true);
		expect(learnFrom(systemRole, session, questionOf(), attemptOf())).toBe(true);
		expect([...session.foldSystemFor]).toEqual([MODEL]);
	});

	it.each<[why: string, question: Question, attempt: Partial<Attempt>]>([
		['it was folded already', questionOf(), attemptOf({ foldSystem: true })],
		['the user wants it so', questionOf({ systemPlacement: 'system' }), attemptOf()],
		['there was none', questionOf({}, ''), attemptOf()],
	])('is a failure when %s', (_, question, attempt) => {
		expect(learnFrom(systemRole, sessionOf(), question, attempt)).toBe(false);
	});
});

describe('a refusal of a picture', () => {
	it('for its size leads to an upload, and never round in a circle', () => {
		const session = sessionOf();
		expect(learnFrom(tooLarge, session, questionOf(), attemptOf())).toBe(true);
		expect(session.roads.road(MODEL, 10, 1, 10)).toBe('asset');
		const uploaded = attemptOf({ road: 'asset' });
		expect(learnFrom(tooLarge, session, questionOf(), uploaded)).toBe(false);
		expect(learnFrom(noAsset, session, questionOf(), uploaded)).toBe(true);
		expect(learnFrom(tooLarge, session, questionOf(), attemptOf())).toBe(false);
	});

	it.each<[why: string, session: Session, question: Question]>([
		['the server has no assets', sessionOf('openAiCompatible'), questionOf()],
		['the user wants it inline', sessionOf(), questionOf({ imageTransfer: 'inline' })],
		['there are too many', sessionOf(), { ...questionOf(), pictures: Array<never>(11) }],
	])('for its size is a failure when %s', (_, session, question) => {
		expect(learnFrom(tooLarge, session, question, attemptOf())).toBe(false);
	});

	it('as an asset is a failure when it was sent inline', () => {
		expect(learnFrom(noAsset, sessionOf(), questionOf(), attemptOf())).toBe(false);
	});
});

describe('an upload that failed', () => {
	const failed = (cause: unknown) => new UploadFailed('x', { cause });

	it('leads back inline, for all of the run', () => {
		const session = sessionOf();
		const attempt = { road: 'asset' as const };
		expect(learnFrom(failed(refusalOf(500, '')), session, questionOf(), attempt)).toBe(true);
		expect(session.roads.road(MODEL, 1e9, 1, 10)).toBe('inline');
	});

	it.each<[why: string, cause: unknown, options: Partial<Options>]>([
		['was stopped', new Failure({ kind: 'cancelled' }, '', ''), {}],
		[
			'ran out of time',
			new Failure({ kind: 'timeLimit', limit: 'timeout', seconds: 1 }, '', ''),
			{},
		],
		['was what the user wanted', refusalOf(500, ''), { imageTransfer: 'asset' }],
	])('is the item’s failure when it %s', async (_, cause, options) => {
		const session = sessionOf();
		const question = questionOf(options);
		expect(learnFrom(failed(cause), session, question, { road: 'asset' })).toBe(false);
		expect(await failureFor(failed(cause), session, question)).toBe(cause);
	});
});

describe('a model that is gone', () => {
	it('gives way to the fallback, with one hint for the run', () => {
		const session = sessionOf();
		const question = () => questionOf({ fallbackModel: 'google/gemma-3-4b-it' });
		const answered = { ...question(), model: 'google/gemma-3-4b-it' };
		noteFallback(session, answered);
		expect(session.hints.list(5)).toEqual([]);
		expect(learnFrom(gone, session, question(), attemptOf())).toBe(true);
		expect(learnFrom(refusalOf(404, 'x'), session, question(), attemptOf())).toBe(true);
		expect([...session.goneModels]).toEqual([MODEL]);
		noteFallback(session, answered);
		noteFallback(session, answered);
		expect(session.hints.list(5).map(({ message }) => message)).toEqual([
			expect.stringMatching(/^google\/gemma-3-27b-it .* google\/gemma-3-4b-it answered/),
		]);
	});

	it('is a failure without a fallback, or when that is the same', () => {
		expect(learnFrom(gone, sessionOf(), questionOf(), attemptOf())).toBe(false);
		const same = questionOf({ fallbackModel: MODEL });
		expect(learnFrom(gone, sessionOf(), same, attemptOf())).toBe(false);
	});

	it('names the other Gemma models that the server offers', async () => {
		const ids = ['google/gemma-3-4b-it', MODEL, 'meta/llama-3.3-70b-instruct', 'gemma3:27b'];
		const session = { ...sessionOf(), models: async () => ids.map((id) => ({ id })) };
		const failure = (await failureFor(gone, session, questionOf())) as Failure;
		expect(failure).toMatchObject({ message: gone.message, facts: gone.facts });
		expect(failure.advice).toMatch(
			/^Pick another model.*offers: google\/gemma-3-4b-it, gemma3:27b\.$/,
		);
	});

	it('is still told where the server offers none', async () => {
		const session = { ...sessionOf(), models: async () => [{ id: MODEL }] };
		expect(await failureFor(gone, session, questionOf())).toBe(gone);
	});
});

it('of any other failure there is nothing to learn', async () => {
	for (const error of [
		...[400, 401, 403, 422, 429, 500, 503].map((status) => refusalOf(status, 'No')),
		inputFailure('Model', 'Model is empty', 'Pick one.'),
		new TypeError('x'),
	]) {
		const question = questionOf({ fallbackModel: 'google/gemma-3-4b-it' });
		expect(learnFrom(error, sessionOf(), question, attemptOf())).toBe(false);
		expect(await failureFor(error, sessionOf(), question)).toBe(error);
	}
});
