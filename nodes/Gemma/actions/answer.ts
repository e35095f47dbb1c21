import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { arrange } from '../conversation/arrange';
import type { Turn } from '../conversation/turn';
import { inputFailure } from '../failure';
import { replyHints } from '../reply/hints';
import { splitReasoning } from '../reply/reasoning';
import { simplify } from '../reply/simplify';
import type { Completion } from '../transport/api';
import { startTimeLimit, type TimeLimit } from '../transport/timeLimit';
import { askForData } from './askForData';
import { openChatStream } from './chatStream';
import { readFormat } from './format';
import { readOptions, type Options } from './options';
import { itemPictures } from './pictures';
import { outputItem } from './outputItem';
import type { Answer, Question } from './question';
import type { Session } from './session';
import { booleanValue } from './values';
import type { Work } from './work';

/** What an operation that asks the model says about an item before anything is sent. */
export interface Asking {
	turns(this: IExecuteFunctions, itemIndex: number): Turn[];
	wantsPictures(this: IExecuteFunctions, itemIndex: number): boolean;
}

/** Asks what an item asks. @throws Failure. */
export async function answer(work: Work, asking: Asking): Promise<INodeExecutionData> {
	const { context, session, itemIndex } = work;
	const options = readOptions(context, itemIndex);
	const simple = booleanValue(
		'Simplify Output',
		context.getNodeParameter('simplify', itemIndex, true),
	);
	const limit = startTimeLimit(options, session.signal);
	try {
		const question = await readQuestion(work, asking, options, limit);
		const answered = await askForData(session, question, limit);
		const { completion, data } = answered;
		question.chat?.finish(splitReasoning(completion.choices[0].message).text);
		addHints(session, itemIndex, question, answered);
		const reply = simple ? simplify(completion, question.model) : raw(completion);
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
	asking: Asking,
	options: Options,
	limit: TimeLimit,
): Promise<Question> {
	const { context, session, itemIndex } = work;
	const own = asking.turns.call(context, itemIndex);
	const model = modelId(context, itemIndex);
	const format = await readFormat(context, itemIndex);
	const chat = format.kind === 'text' && options.streamToChat ? openChatStream(work) : undefined;
	const withPictures = asking.wantsPictures.call(context, itemIndex);
	return {
		model,
		conversation: inOrder(own, options.history),
		pictures: withPictures
			? await itemPictures(context, itemIndex, session, { ...options, model }, limit)
			: [],
		options,
		format,
		...(chat && { chat }),
	};
}

/** Own system messages first, then the history, then the item's own turns. */
function inOrder(own: Turn[], history: Turn[]) {
	const isSystem = ({ role }: Turn) => role === 'system';
	return arrange([...own.filter(isSystem), ...history, ...own.filter((turn) => !isSystem(turn))]);
}

function modelId(context: IExecuteFunctions, itemIndex: number): string {
	const value: unknown = context.getNodeParameter('modelId', itemIndex, '', { extractValue: true });
	const model = typeof value === 'object' ? '' : String(value ?? '').trim();
	if (model !== '') return model;
	throw inputFailure(
		'Model',
		'Model is empty',
		'Pick a model from the list, or enter its ID, for example google/gemma-3-27b-it.',
	);
}

function addHints(
	session: Session,
	itemIndex: number,
	{ model, pictures, options }: Question,
	{ completion, ownUsage, byAsset }: Answer,
): void {
	const { max_tokens: maxTokens } = options.sampling;
	const asked = { model, pictures: pictures.length, maxTokens, byAsset };
	const alone = { ...completion, usage: ownUsage };
	for (const hint of replyHints(alone, asked)) session.hints.add(hint, itemIndex);
	if (!pictures.some(({ untouched }) => untouched)) return;
	session.hints.add(
		'Pictures were sent as they are, because the library that scales them (sharp) cannot be loaded here. Reinstall the package on the machine that runs n8n.',
	);
}

/** n8n reads an `error` key, even an empty one, as a failed item. */
function raw(completion: Completion): Completion {
	const rest = { ...completion };
	delete rest.error;
	return rest;
}
