import type { Dice } from './dice';
import type { PlannedFault } from './fault';

/** Bodies of refusals in the shapes that servers have. */
export const WORDS: ReadonlyArray<string | object> = [
	'',
	'Out of order',
	'<html><head><title>Proxy</title></head><body><h1>Bad Gateway</h1></body></html>',
	{ error: { message: 'Engine is on fire', type: 'server_error', code: null } },
	{ detail: [{ loc: ['body', 'top_p'], msg: 'is wrong' }] },
	{ title: 'Unhappy', detail: 'The worker left' },
	'data:{"title":"Unprocessable","detail":"body -> seed is odd"}',
];

const chunk = (delta: object) =>
	`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: null }] })}\n\n`;
/** Text that no right reply holds: it must never reach an item as an answer. */
const FALSE_START = chunk({ role: 'assistant', content: 'This never was an answer' });
const error = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;

interface Bad {
	kind: string;
	effect: PlannedFault['effect'];
	body: string;
	statuses?: number[];
}

/** Everything under status 200 that is no whole completion. */
const BAD: readonly Bad[] = [
	{ kind: 'garbage line', effect: 'transient', body: `${FALSE_START}data: {"choices":[{"ind\n\n` },
	{ kind: 'garbage first', effect: 'transient', body: 'data: oops\n\n' },
	{ kind: 'half a stream', effect: 'transient', body: FALSE_START },
	{ kind: 'keep-alives only', effect: 'transient', body: ': waiting\n\n: waiting\n\n' },
	{ kind: 'nothing', effect: 'unsure', body: '' },
	{ kind: 'only [DONE]', effect: 'unsure', body: 'data: [DONE]\n\n' },
	{ kind: 'half a JSON', effect: 'unsure', body: '{"choices":[{"index":0,"message":{"con' },
	{ kind: 'no choices', effect: 'unsure', body: '{"object":"chat.completion","choices":[]}' },
	{ kind: 'a page', effect: 'unsure', body: '<!doctype html><title>Sign in</title><p>Sign in' },
	{
		kind: 'error in mid-stream',
		effect: 'transient',
		body: FALSE_START + error({ error: { message: 'Engine overloaded', code: 503 } }),
		statuses: [503],
	},
	{
		kind: 'error in mid-stream without a status',
		effect: 'transient',
		body: FALSE_START + error({ error: { message: 'Engine overloaded' } }),
		statuses: [500],
	},
	{
		kind: 'refusal in mid-stream',
		effect: 'permanent',
		body: FALSE_START + error({ status: 400, title: 'Bad', detail: 'This was too much' }),
		statuses: [400],
	},
	{
		kind: 'error event',
		effect: 'transient',
		body: `event: error\ndata: {"message":"Worker lost"}\n\n`,
		statuses: [500],
	},
	{
		kind: 'error object under 200',
		effect: 'permanent',
		body: JSON.stringify({ error: { message: 'Not with me', code: 422 } }),
		statuses: [422],
	},
];

export function notACompletion(dice: Dice): PlannedFault {
	const { kind, effect, body, statuses } = dice.pick(BAD);
	return { kind, effect, fault: { status: 200, body }, ...(statuses && { statuses }) };
}
