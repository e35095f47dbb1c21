import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';
import { toNodeError } from '../../nodes/Gemma/actions/nodeError';
import { Failure, inputFailure, type RefusalCause } from '../../nodes/Gemma/failure';
import { Redactor } from '../../nodes/Gemma/transport/redact';

const node: INode = {
	id: 'node-1',
	name: 'Gemma',
	type: 'n8n-nodes-gemma.gemma',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};
const ALONE = { answered: 0, total: 1 };
const errorOf = (error: unknown, progress = ALONE, itemIndex = 0, redactor?: Redactor) =>
	toNodeError(node, { error, items: [itemIndex], redactor }, progress);
const refused = (cause: RefusalCause, status: number, retryAfterMs?: number) =>
	new Failure(
		{ kind: 'refused', cause, status, ...(retryAfterMs !== undefined && { retryAfterMs }) },
		`Server's words (HTTP ${status})`,
		'Do this.',
	);

it('a wrong input is a NodeOperationError with its message and advice', () => {
	const error = errorOf(inputFailure('Seed', 'Seed holds "x"', 'Set Seed to a number.'));
	expect(error).toBeInstanceOf(NodeOperationError);
	expect(error).toMatchObject({ message: 'Seed holds "x"', description: 'Set Seed to a number.' });
	expect(error.context.itemIndex).toBe(0);
});

it.each<[RefusalCause, number, object | undefined]>([
	['key', 401, { cause: 'credential-invalid' }],
	['credits', 402, { cause: 'quota-exhausted' }],
	['limit', 429, { cause: 'rate-limited' }],
	['busy', 503, { cause: 'temporarily-unavailable' }],
	['model', 404, { cause: 'configuration-invalid' }],
	['path', 404, { cause: 'configuration-invalid' }],
	['request', 400, undefined],
	['size', 413, undefined],
])('a refusal (%s, %i) is a NodeApiError with its status', (cause, status, declared) => {
	const error = errorOf(refused(cause, status));
	expect(error).toBeInstanceOf(NodeApiError);
	expect(error).toMatchObject({
		message: `Server's words (HTTP ${status})`,
		description: 'Do this.',
		httpCode: String(status),
	});
	expect(error.failure).toEqual(declared);
});

it.each<[RefusalCause, number]>([
	['limit', 429],
	['busy', 503],
])('a refusal (%s) passes on when to ask again', (cause, status) => {
	expect(errorOf(refused(cause, status, 7000)).failure).toMatchObject({ retryAfterMs: 7000 });
	expect(errorOf(refused(cause, status, 0)).failure).toMatchObject({ retryAfterMs: 0 });
});

const CODES = ['ECONNREFUSED', 'ENOENT', 'ETIMEDOUT', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN'];
it.each(CODES)('message and description are kept although they contain %s', (code) => {
	const message = `No connection to 127.0.0.1:11434 (${code})`;
	const advice = `${code} means that nothing listens there.`;
	const network = new Failure({ kind: 'network', code, host: '127.0.0.1:11434' }, message, advice);
	const input = inputFailure('URL(s)', message, advice);
	for (const error of [network, input].map((failure) => errorOf(failure))) {
		expect([error.message, error.description]).toEqual([message, advice]);
	}
	expect(errorOf(network)).toBeInstanceOf(NodeApiError);
});

it.each<[string, Failure, boolean]>([
	['a broken reply', new Failure({ kind: 'brokenReply' }, 'Broken', 'Again'), true],
	[
		'a time limit',
		new Failure({ kind: 'timeLimit', limit: 'timeout', seconds: 600 }, 'Late', 'Raise it'),
		true,
	],
	['a stop', new Failure({ kind: 'cancelled' }, 'Stopped', ''), false],
])('%s is of its class', (_, failure, isApi) => {
	expect(errorOf(failure).constructor).toBe(isApi ? NodeApiError : NodeOperationError);
	expect(errorOf(failure).message).toBe(failure.message);
});

it('a transient failure is declared one', () => {
	const facts = { kind: 'network' as const, code: 'ECONNRESET', host: 'example.com' };
	const transient = new Failure(facts, 'Lost', 'Again', { transient: true });
	expect(errorOf(transient).failure).toEqual({ cause: 'temporarily-unavailable' });
	expect(errorOf(new Failure(facts, 'Lost', 'Again')).failure).toBeUndefined();
});

describe('of several items', () => {
	const failure = inputFailure('Seed', 'Seed holds "x"', 'Set Seed to a number.');

	it('the message tells which failed and how many had their answers', () => {
		const error = errorOf(failure, { answered: 3, total: 8 }, 4);
		expect(error.message).toBe('Seed holds "x" [item 4; 3 of 8 items had their answers]');
		expect(error.context.itemIndex).toBe(4);
		expect(error.description).toMatch(/^Set Seed to a number\. Set On Error to 'Continue'/);
	});

	it('nothing is said of keeping answers when there are none', () => {
		const error = errorOf(refused('key', 401), { answered: 0, total: 8 });
		expect(error.message).toContain('[item 0; 0 of 8 items had their answers]');
		expect(error.description).toBe('Do this.');
	});

	it('a lone item is not counted', () => {
		expect(errorOf(failure).message).not.toContain('[');
	});
});

it('secrets are hidden in everything the error carries', () => {
	const redactor = new Redactor();
	redactor.hide('nvapi-secret');
	const facts = { kind: 'refused' as const, cause: 'key' as const, status: 401 };
	const failure = new Failure(facts, 'Bad key nvapi-secret', 'Replace nvapi-secret.');
	const input = inputFailure('API Key', 'API Key holds nvapi-secret', 'Replace nvapi-secret.');
	for (const error of [failure, input, new Error('Lost nvapi-secret')]) {
		const shown = errorOf(error, { answered: 1, total: 2 }, 1, redactor);
		expect(shown.message).toContain('[hidden]');
		const all = [
			JSON.stringify(shown),
			shown.stack,
			shown.message,
			shown.description,
			shown.messages,
		];
		expect(JSON.stringify(all)).not.toContain('nvapi-secret');
	}
});

describe('errors of others', () => {
	it.each<[string, unknown, string, string | undefined]>([
		['an Error', new Error('Out of memory'), 'Out of memory', undefined],
		['an ECONNREFUSED', new Error('connect ECONNREFUSED'), 'connect ECONNREFUSED', undefined],
		[
			'a NodeOperationError',
			new NodeOperationError(node, 'No credential', { description: 'Choose one.' }),
			'No credential',
			'Choose one.',
		],
		[
			'a NodeApiError',
			new NodeApiError(node, {}, { message: 'No', description: 'Do.', httpCode: '500' }),
			'No',
			'Do.',
		],
		['a text', 'Stopped', 'Stopped', undefined],
		['nothing', undefined, 'undefined', undefined],
	])('%s keeps its words', (_, thrown, message, description) => {
		const error = errorOf(thrown);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect([error.message, error.description ?? undefined]).toEqual([message, description]);
		expect(error.context.itemIndex).toBe(0);
		expect(errorOf(thrown, { answered: 1, total: 2 }, 1).message).toContain('[item 1; 1 of 2');
	});
});
