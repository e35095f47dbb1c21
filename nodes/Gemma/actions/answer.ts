import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Turn } from '../conversation/turn';
import { replyHints } from '../reply/hints';
import { splitReasoning } from '../reply/reasoning';
import { startTimeLimit, type TimeLimit } from '../transport/timeLimit';
import { askInContext, inOrder } from './askInContext';
import { openChatStream } from './chatStream';
import { readFormat } from './format';
import { modelId } from './modelId';
import { readOptions, type Options } from './options';
import { outputItem } from './outputItem';
import { picturesIn, type Answer, type Question } from './question';
import { replyFields } from './replyFields';
import type { Session } from './session';
import { shownPictures } from './shownPictures';
import { booleanValue } from './values';
import type { Work } from './work';

/** What an operation that asks the model says about an item before anything is sent. */
export interface Asking {
	turns(this: IExecuteFunctions, itemIndex: number): Turn[];
	wantsPictures(this: IExecuteFunctions, itemIndex: number): boolean;
}

/** Asks what an item asks. @throws Failure. */
export async function answer(work: Work, asking: Asking): Promise<INodeExecutionData> {
	const { context, session, items, itemIndex } = work;
	// Of several items asked about together none is the one that a hint is about.
	const about = items.length === 1 ? itemIndex : undefined;
	const options = readOptions(context, itemIndex);
	const simple = booleanValue(
		'Simplify Output',
		context.getNodeParameter('simplify', itemIndex, true),
	);
	const limit = startTimeLimit(options, session.signal);
	try {
		const own = asking.turns.call(context, itemIndex);
		const question = await readQuestion(work, own, asking, options, limit);
		const answered = await askInContext(session, question, own, limit, about);
		const { completion, data } = answered;
		question.chat?.finish(splitReasoning(completion.choices[0].message).text);
		addHints(session, about, question, answered);
		const reply = replyFields(completion, question.model, simple);
		const json = session.connection.redactor.reply({
			...reply,
			...(data !== undefined && { data }),
		});
		return outputItem(work, json as unknown as IDataObject, options);
	} finally {
		limit.end();
	}
}

async function readQuestion(
	work: Work,
	own: Turn[],
	asking: Asking,
	options: Options,
	limit: TimeLimit,
): Promise<Question> {
	const { context, itemIndex } = work;
	const model = modelId(context, itemIndex);
	const format = await readFormat(context, itemIndex);
	const chat = format.kind === 'text' && options.streamToChat ? openChatStream(work) : undefined;
	const withPictures = asking.wantsPictures.call(context, itemIndex);
	return {
		model,
		conversation: inOrder(own, []),
		pictures: [],
		...(withPictures && (await shownPictures(work, model, options, limit))),
		options,
		format,
		...(chat && { chat }),
	};
}

function addHints(
	session: Session,
	itemIndex: number | undefined,
	question: Question,
	{ completion, ownUsage, byAsset }: Answer,
): void {
	const { model, pictures, assets, options } = question;
	const { max_tokens: maxTokens } = options.sampling;
	const given = assets !== undefined;
	const asked = { model, pictures: picturesIn(question), maxTokens, byAsset, given };
	const alone = { ...completion, usage: ownUsage };
	for (const hint of replyHints(alone, asked)) session.hints.add(hint, itemIndex);
	const notes = pictures.map(({ note }) => note).filter((note) => note !== undefined);
	for (const note of new Set(notes)) session.hints.add(note, itemIndex);
	if (!pictures.some(({ untouched }) => untouched)) return;
	session.hints.add(
		'Pictures were sent as they are, because the library that scales them (sharp) cannot be loaded here. Reinstall the package on the machine that runs n8n.',
	);
}
