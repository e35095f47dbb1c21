import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { chatsOf, type Observation } from '../observation';
import { dataOf } from '../operations';
import { unexplained } from './explained';
import { expectedReply } from './expected';
import { imprecise } from './precise';

/** Every item has exactly one right reply or exactly one precise error, in input order. */
export function* itemsAreRight(run: Observation): Generator<string> {
	// Of an execution that was stopped n8n keeps nothing; the node's own items are all there is.
	if ('error' in run.nodeEnd) return;
	const { plan, cancelled, nodeEnd, items, errorItems } = run;
	const rows = cancelled ? nodeEnd.items : inInputOrder([items, errorItems]);
	if (rows.length !== plan.items.length) {
		yield `${rows.length} items came out of ${plan.items.length}`;
	}
	for (const [index, row] of rows.entries()) {
		for (const what of itemIsRight(row, index, run)) yield `item ${index}: ${what}`;
	}
	if (cancelled) return;
	if (plan.onError === 'continueErrorOutput') {
		if (items.some(isError)) yield 'an error came out of the output for replies';
		if (!errorItems.every(isError)) yield 'a reply came out of the output for errors';
	} else if (errorItems.length > 0) yield 'an output that does not exist gave items';
}

function* itemIsRight(
	row: INodeExecutionData | undefined,
	index: number,
	run: Observation,
): Generator<string> {
	if (!row) return yield 'is missing';
	if (indexOf(row) !== index) yield `is paired with ${JSON.stringify(row.pairedItem)}`;
	if (row.error) yield 'has an error property';
	if (isError(row)) {
		const { error, status, code } = row.json;
		if (run.plan.onError === 'stopWorkflow')
			yield 'is an error item although the run stops on them';
		yield* imprecise(error, { status, code }, run);
		yield* unexplained(index, String(error), run);
	} else yield* replyIsRight(row.json, index, run);
}

function* replyIsRight(json: IDataObject, index: number, run: Observation): Generator<string> {
	// One item asks one question at a time, so it is the last one that was answered.
	const last = chatsOf(run, index).at(-1);
	if (!last) return yield 'has a reply, and nothing was asked';
	const expected = expectedReply(last.request, index, run);
	const reply = run.plan.simplify ? json : simplified(json);
	for (const name of ['text', 'finishReason', 'model'] as const) {
		if (reply[name] !== expected[name]) {
			yield `${name} is ${JSON.stringify(reply[name])}, not ${JSON.stringify(expected[name])}`;
		}
	}
	if (run.plan.operation === 'data') {
		const data = JSON.stringify(json.data);
		if (data !== JSON.stringify(dataOf(run.plan.items[index].id))) yield `data is ${data}`;
	} else if ('data' in json) yield 'has data that nobody asked for';
	const {
		promptTokens = 0,
		completionTokens = 0,
		totalTokens = 0,
	} = (reply.usage ?? {}) as Record<string, number>;
	if (promptTokens + completionTokens !== totalTokens) yield 'usage does not add up';
}

function simplified({ choices, usage, model }: IDataObject): IDataObject {
	const [choice] = choices as Array<{ message: { content: string }; finish_reason: string }>;
	const tokens = usage as Record<string, number> | undefined;
	return {
		text: choice.message.content,
		finishReason: choice.finish_reason,
		model,
		...(tokens && {
			usage: {
				promptTokens: tokens.prompt_tokens,
				completionTokens: tokens.completion_tokens,
				totalTokens: tokens.total_tokens,
			},
		}),
	};
}

const isError = ({ json }: INodeExecutionData) => 'error' in json;

function indexOf({ pairedItem }: INodeExecutionData): number {
	return typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : -1;
}

/** Both outputs as one, if each of them is in order; as they came otherwise. */
function inInputOrder(outputs: INodeExecutionData[][]): INodeExecutionData[] {
	const isOrdered = outputs.every((rows) =>
		rows.every((row, at) => at === 0 || indexOf(rows[at - 1]) < indexOf(row)),
	);
	const all = outputs.flat();
	return isOrdered ? all.sort((a, b) => indexOf(a) - indexOf(b)) : all;
}
