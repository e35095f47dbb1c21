import type { NodeApiError } from 'n8n-workflow';

import { chatsOf, type Observation } from '../observation';
import { imprecise } from './precise';
import { unexplained } from './explained';

const COUNT = / \[item (\d+); (\d+) of (\d+) items had their answers\]$/;

/** A run that ended with an error was to end so; the error says where, and what is done already. */
export function* stopsWell(run: Observation): Generator<string> {
	const { plan, nodeEnd, cancelled } = run;
	if (!('error' in nodeEnd)) return;
	const error = nodeEnd.error as NodeApiError;
	if (/canceled/.test(error.message)) {
		if (!cancelled) yield `says that it was canceled, and it was not: ${error.message}`;
		return;
	}
	if (plan.onError !== 'stopWorkflow') {
		yield `the run failed although it goes on after errors: ${error.message}`;
	}
	const index = error.context?.itemIndex as unknown;
	if (typeof index !== 'number' || !plan.items[index]) {
		return yield `the error names item ${JSON.stringify(index)}: ${error.message}`;
	}
	const count = COUNT.exec(error.message);
	if (plan.items.length > 1 || count) yield* countsWell(run, index, count);
	const message = error.message.replace(COUNT, '');
	yield* imprecise(message, {}, run);
	if (!cancelled) yield* unexplained(index, message, run);
}

function* countsWell(
	run: Observation,
	index: number,
	count: RegExpExecArray | null,
): Generator<string> {
	const { plan } = run;
	if (!count) return yield 'the error does not say how many items had their answers';
	const [named, answered, total] = count.slice(1).map(Number);
	if (named !== index || total !== plan.items.length) yield `the error miscounts: ${count[0]}`;
	const asked = plan.items.map((_, at) => chatsOf(run, at));
	const answerable = asked.filter((own) => own.some(({ request }) => mayAnswer(request.status)));
	if (answered > answerable.length) {
		yield `${answered} items are said to be answered, and ${answerable.length} got a 200`;
	}
	const highest = asked.findLastIndex((own) => own.length > 0);
	if (highest >= answered + plan.options.concurrency) {
		yield `item ${highest} was asked after the run had failed at item ${index}`;
	}
	if (plan.options.concurrency === 1 && answered !== index) {
		yield `one at a time, item ${index} failed, and ${answered} are said to be answered`;
	}
}

const mayAnswer = (status: number | undefined) => status === 200 || status === 202;
