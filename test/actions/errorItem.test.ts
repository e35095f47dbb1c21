import { NodeOperationError, type IExecuteFunctions, type INode } from 'n8n-workflow';
import { toErrorItem } from '../../nodes/Gemma/actions/nodeError';
import { Failure, inputFailure, type FailureFacts } from '../../nodes/Gemma/failure';
import { Redactor } from '../../nodes/Gemma/transport/redact';

type OnError = NonNullable<INode['onError']>;
const nodeWith = (onError: OnError): INode => ({
	id: 'node-1',
	name: 'Gemma',
	type: 'n8n-nodes-gemma.gemma',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	onError,
});
const itemOf = (
	error: unknown,
	onError: OnError = 'continueRegularOutput',
	redactor?: Redactor,
) => {
	const context = { getNode: () => nodeWith(onError) } as IExecuteFunctions;
	return toErrorItem(context, { error, items: [2], redactor });
};
const failure = (facts: FailureFacts) => new Failure(facts, 'What happened', 'What to do');

it.each<[string, FailureFacts, object]>([
	['a wrong input', { kind: 'input', field: 'Seed' }, {}],
	['a refusal', { kind: 'refused', cause: 'key', status: 401 }, { status: 401 }],
	[
		'a refusal with a request id',
		{ kind: 'refused', cause: 'busy', status: 503, requestId: 'req-1' },
		{ status: 503, requestId: 'req-1' },
	],
	[
		'a lost connection',
		{ kind: 'network', code: 'ECONNRESET', host: 'example.com' },
		{ code: 'ECONNRESET' },
	],
	['a connection lost without a code', { kind: 'network', code: '', host: 'example.com' }, {}],
	[
		'a time limit',
		{ kind: 'timeLimit', limit: 'idleTimeout', seconds: 9 },
		{ code: 'idleTimeout' },
	],
	['a broken reply', { kind: 'brokenReply' }, {}],
	['a broken reply with a request id', { kind: 'brokenReply', requestId: 'r' }, { requestId: 'r' }],
	['a broken reply with a status', { kind: 'brokenReply', status: 202 }, { status: 202 }],
	['a stop', { kind: 'cancelled' }, {}],
])('when the run goes on, %s is an item that says all that is known', (_, facts, particulars) => {
	expect(itemOf(failure(facts))).toEqual({
		json: { error: 'What happened', description: 'What to do', ...particulars },
		pairedItem: { item: 2 },
	});
});

it('the error output gets the message and nothing else', () => {
	const facts: FailureFacts = { kind: 'refused', cause: 'key', status: 401, requestId: 'req-1' };
	expect(itemOf(failure(facts), 'continueErrorOutput')).toEqual({
		json: { error: 'What happened' },
		pairedItem: { item: 2 },
	});
});

it('a failure without advice has no description', () => {
	const silent = new Failure({ kind: 'cancelled' }, 'Stopped', '');
	expect(itemOf(silent).json).toEqual({ error: 'Stopped' });
});

it('the item itself has no error property, which n8n would read as a crash', () => {
	for (const onError of ['continueRegularOutput', 'continueErrorOutput'] as const) {
		expect(itemOf(inputFailure('Seed', 'x', 'y'), onError)).not.toHaveProperty('error');
	}
});

it('secrets are hidden on either way', () => {
	const redactor = new Redactor();
	redactor.hide('nvapi-secret');
	const told = new Failure({ kind: 'brokenReply' }, 'Got nvapi-secret', 'Replace nvapi-secret');
	expect(itemOf(told, 'continueRegularOutput', redactor).json).toEqual({
		error: 'Got [hidden]',
		description: 'Replace [hidden]',
	});
	expect(itemOf(told, 'continueErrorOutput', redactor).json).toEqual({ error: 'Got [hidden]' });
	const echoed = failure({ kind: 'brokenReply', requestId: 'id of nvapi-secret' });
	expect(itemOf(echoed, 'continueRegularOutput', redactor).json.requestId).toBe('id of [hidden]');
});

it.each<[string, unknown, object]>([
	['an Error', new Error('Out of memory'), { error: 'Out of memory' }],
	[
		'a NodeOperationError',
		new NodeOperationError(nodeWith('stopWorkflow'), 'No credential', {
			description: 'Choose one.',
		}),
		{ error: 'No credential', description: 'Choose one.' },
	],
	['a text', 'Stopped', { error: 'Stopped' }],
	['nothing', undefined, { error: 'undefined' }],
])('%s of others keeps its words', (_, error, json) => {
	expect(itemOf(error)).toEqual({ json, pairedItem: { item: 2 } });
});
