import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { answer } from './answer';
import { Hints } from './hintList';
import { toErrorItem, toNodeError } from './nodeError';
import { openSession, type Session } from './session';

/** Answers every item, in input order: one output item for each, or one error that ends the run. */
export async function run(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const total = this.getInputData().length;
	const hints = new Hints();
	const output: INodeExecutionData[] = [];
	let answered = 0;
	let opening: Promise<Session> | undefined;
	try {
		for (let itemIndex = 0; itemIndex < total; itemIndex++) {
			try {
				opening ??= openSession(this, hints);
				output.push(await answer(this, await opening, itemIndex));
				answered++;
			} catch (error) {
				const failure = { error, itemIndex, redactor: hints.redactor };
				if (!this.continueOnFail()) throw toNodeError(this.getNode(), failure, { answered, total });
				output.push(toErrorItem(this, failure));
			}
		}
		return output;
	} finally {
		// A session that could not be opened has nothing to close.
		await opening?.then(async (session) => await session.close()).catch(() => {});
		this.addExecutionHints(...hints.list(total));
	}
}
