import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { asCaught, Caught } from '../failure';
import { replyHints } from '../reply/hints';
import { digest } from '../summary/digest';
import type { Source } from '../summary/pack';
import { startTimeLimit } from '../transport/timeLimit';
import { itemText } from './itemText';
import { modelId } from './modelId';
import { toErrorItem } from './nodeError';
import { readOptions } from './options';
import { outputItem } from './outputItem';
import { replyFields } from './replyFields';
import { SummaryReader } from './summaryReader';
import { readWish, withRoomFor } from './summaryWish';
import { booleanValue } from './values';
import { ItemFailed, type Work } from './work';

interface ItemText {
	item: number;
	text: string;
}

/**
 * One summary of the items of a piece of work. Of several items those without a text of their own
 * fail by themselves under Continue, and the digest is of the rest.
 *
 * @throws Failure, or ItemFailed for one item of several.
 */
export async function summarize(work: Work): Promise<INodeExecutionData[]> {
	const { context, session, items } = work;
	const { texts, failed } = await readTexts(context, items);
	const goesOn = context.continueOnFail() && items.length > 1;
	if (failed.length > 0 && !goesOn) throw items.length > 1 ? failed[0] : failed[0].cause;
	const errors = failed.map(({ cause, item }) =>
		toErrorItem(context, {
			error: cause,
			items: [item],
			redactor: session.connection.redactor,
		}),
	);
	return texts.length === 0 ? errors : [await summaryItem(work, texts), ...errors];
}

async function summaryItem(
	{ context, session, itemIndex }: Work,
	texts: ItemText[],
): Promise<INodeExecutionData> {
	const simple = booleanValue(
		'Simplify Output',
		context.getNodeParameter('simplify', itemIndex, true),
	);
	const model = modelId(context, itemIndex);
	const wish = { ...readWish(context, itemIndex), texts: texts.length };
	const given = readOptions(context, itemIndex);
	const options = withRoomFor(context, itemIndex, given, wish.lengthInWords);
	const stopped = new AbortController();
	const limit = startTimeLimit(options, AbortSignal.any([session.signal, stopped.signal]));
	const stop = () => stopped.abort();
	const show = (done: number, of: number) => showProgress(context, done, of);
	try {
		const reader = new SummaryReader(session, model, options, wish, limit, stop, show);
		const { completion } = await digest(reader, sourcesOf(texts));
		const maxTokens = reader.summaryTokens;
		const byContext = maxTokens < options.sampling.max_tokens;
		const asked = { model, pictures: 0, maxTokens, byContext, byAsset: false };
		const about = texts.length === 1 ? texts[0].item : undefined;
		for (const hint of replyHints(completion, asked)) session.hints.add(hint, about);
		const counted = reader.usage ? { ...completion, usage: reader.usage } : completion;
		const json = session.connection.redactor.reply(replyFields(counted, model, simple));
		const items = texts.map(({ item }) => item);
		return outputItem({ context, items }, json as IDataObject, options);
	} finally {
		limit.end();
	}
}

async function readTexts(
	context: IExecuteFunctions,
	items: number[],
): Promise<{ texts: ItemText[]; failed: ItemFailed[] }> {
	const texts: ItemText[] = [];
	const failed: ItemFailed[] = [];
	for (const item of items) {
		const text = await itemText(context, item).catch(asCaught);
		if (text instanceof Caught) failed.push(new ItemFailed(item, text.error));
		else texts.push({ item, text });
	}
	return { texts, failed };
}

const sourcesOf = (texts: ItemText[]): Source[] =>
	texts.map(({ text }, index) => ({ label: texts.length > 1 ? String(index + 1) : '', text }));

/** In the browser's console, where n8n shows what a node says while it runs by hand. */
function showProgress(context: IExecuteFunctions, done: number, of: number): void {
	if (of > 1) context.sendMessageToUI(`Part ${done} of ${of} is read`);
}
