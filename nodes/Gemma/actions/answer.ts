import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { arrange } from '../conversation/arrange';
import type { Turn } from '../conversation/turn';
import { inputFailure } from '../failure';
import { replyHints } from '../reply/hints';
import { simplify } from '../reply/simplify';
import type { Completion } from '../transport/api';
import { startTimeLimit, type TimeLimit } from '../transport/timeLimit';
import { askForData } from './askForData';
import { readFormat } from './format';
import * as image from './image';
import { readOptions, type Options } from './options';
import { itemPictures } from './pictures';
import { outputItem } from './outputItem';
import type { Answer, Question } from './question';
import type { Session } from './session';
import * as text from './text';
import { booleanValue, choiceValue } from './values';

/** What an operation says about an item before anything is sent. */
interface Operation {
	turns(this: IExecuteFunctions, itemIndex: number): Turn[];
	wantsPictures(this: IExecuteFunctions, itemIndex: number): boolean;
}

const OPERATIONS: Record<string, Record<string, Operation>> = {
	image: { analyze: image.analyze },
	text: { message: text.message },
};

/** Answers one item. @throws Failure. */
export async function answerItem(
	context: IExecuteFunctions,
	session: Session,
	itemIndex: number,
): Promise<INodeExecutionData> {
	const options = readOptions(context, itemIndex);
	const simple = booleanValue(
		'Simplify Output',
		context.getNodeParameter('simplify', itemIndex, true),
	);
	const limit = startTimeLimit(options, session.signal);
	try {
		const question = await readQuestion(context, session, itemIndex, options, limit);
		const answer = await askForData(session, question, limit);
		const { completion, data } = answer;
		addHints(session, itemIndex, question, answer);
		const reply = simple ? simplify(completion, question.model) : raw(completion);
		const json = session.connection.redactor.reply({
			...reply,
			...(data !== undefined && { data }),
		});
		return outputItem(context, itemIndex, json as unknown as IDataObject, options);
	} finally {
		limit.end();
	}
}

async function readQuestion(
	context: IExecuteFunctions,
	session: Session,
	itemIndex: number,
	options: Options,
	limit: TimeLimit,
): Promise<Question> {
	const resource = choiceValue(
		'Resource',
		context.getNodeParameter('resource', itemIndex),
		Object.keys(OPERATIONS),
	);
	const operations = OPERATIONS[resource];
	const name = choiceValue(
		'Operation',
		context.getNodeParameter('operation', itemIndex),
		Object.keys(operations),
	);
	const operation = operations[name];
	const own = operation.turns.call(context, itemIndex);
	const model = modelId(context, itemIndex);
	const format = await readFormat(context, itemIndex);
	const withPictures = operation.wantsPictures.call(context, itemIndex);
	return {
		model,
		conversation: inOrder(own, options.history),
		pictures: withPictures ? await itemPictures(context, itemIndex, session, options, limit) : [],
		options,
		format,
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
