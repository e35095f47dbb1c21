import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
} from 'n8n-workflow';

import { Failure, type FailureFacts } from '../failure';
import type { Redactor } from '../transport/redact';
import { pairedWith } from './work';

/** A failure of one item, or of all together, in the place where n8n takes over. */
export interface ItemFailure {
	error: unknown;
	/** Indexes of the input items that it is about. Never empty. */
	items: number[];
	/** The one of them that brought all of them down. */
	culprit?: number;
	redactor: Redactor | undefined;
}

/** What else a failure is to say when it ends the run. */
export interface RunProgress {
	/** Items that had their answers. */
	answered: number;
	total: number;
}

type Declared = NonNullable<ConstructorParameters<typeof NodeApiError>[2]>['failure'];

/** The error that ends the run: the server said no, or the input is wrong. */
export function toNodeError(
	node: INode,
	{ error, items, culprit, redactor }: ItemFailure,
	{ answered, total }: RunProgress,
): NodeApiError | NodeOperationError {
	const { message, description } = readable(error, redactor);
	const kept =
		answered > 0
			? " Set On Error to 'Continue' in the node's settings to keep the answers of the other items."
			: '';
	const item = culprit ?? items[0];
	const text =
		items.length < total || culprit !== undefined
			? `${message} [item ${item}; ${answered} of ${total} items had their answers]`
			: message;
	const options = { itemIndex: item, description: `${description}${kept}` || undefined };
	const nodeError = isServers(error)
		? new NodeApiError(node, { message: text }, { ...options, message: text, ...apiFacts(error) })
		: new NodeOperationError(node, text, options);
	// n8n replaces any message that contains the name of a network error with a stock sentence.
	nodeError.message = text;
	return nodeError;
}

/** The item that stands for a failure when the run goes on. */
export function toErrorItem(context: IExecuteFunctions, failure: ItemFailure): INodeExecutionData {
	const { message: said, description } = readable(failure.error, failure.redactor);
	const message = failure.culprit === undefined ? said : `Item ${failure.culprit}: ${said}`;
	const pairedItem = pairedWith(failure.items);
	// n8n merges this item with its input before it goes to the error branch.
	if (context.getNode().onError === 'continueErrorOutput')
		return { json: { error: message }, pairedItem };
	const facts = particulars(failure.error);
	const json: IDataObject = {
		error: message,
		...(description && { description }),
		// A request's id comes from the server, which may echo anything.
		...(failure.redactor?.deep(facts) ?? facts),
	};
	return { json, pairedItem };
}

function readable(error: unknown, redactor: Redactor | undefined) {
	const clean = (text: string) => redactor?.text(text) ?? text;
	if (error instanceof Failure) {
		const own = (text: string) => redactor?.ownWords(text) ?? text;
		const { kind } = error.facts;
		// These hold nothing that a server said.
		const isOwn = kind === 'input' || kind === 'network';
		return {
			message: isOwn ? own(error.message) : clean(error.message),
			description: own(error.advice),
		};
	}
	const { message, description } = (error ?? {}) as {
		message?: string;
		description?: string | null;
	};
	return { message: clean(message ?? String(error)), description: clean(description ?? '') };
}

const isServers = (error: unknown): error is Failure =>
	error instanceof Failure && !['input', 'format', 'cancelled'].includes(error.facts.kind);

function apiFacts({ facts, transient }: Failure): { httpCode?: string; failure?: Declared } {
	if (facts.kind !== 'refused') {
		return transient ? { failure: { cause: 'temporarily-unavailable' } } : {};
	}
	const retryAfterMs = facts.retryAfterMs;
	const more = retryAfterMs === undefined ? {} : { retryAfterMs };
	const httpCode = String(facts.status);
	switch (facts.cause) {
		case 'key':
			return { httpCode, failure: { cause: 'credential-invalid' } };
		case 'credits':
			return { httpCode, failure: { cause: 'quota-exhausted' } };
		case 'limit':
			return { httpCode, failure: { cause: 'rate-limited', ...more } };
		case 'busy':
			return { httpCode, failure: { cause: 'temporarily-unavailable', ...more } };
		case 'model':
		case 'path':
			return { httpCode, failure: { cause: 'configuration-invalid' } };
		default:
			return { httpCode };
	}
}

function particulars(error: unknown): IDataObject {
	if (!(error instanceof Failure)) return {};
	return { ...factsOf(error.facts), ...(error.text && { text: error.text }) };
}

function factsOf(facts: FailureFacts): IDataObject {
	switch (facts.kind) {
		case 'refused':
			return { status: facts.status, ...(facts.requestId && { requestId: facts.requestId }) };
		case 'format':
			return { text: facts.text };
		case 'network':
			return facts.code ? { code: facts.code } : {};
		case 'timeLimit':
			return { code: facts.limit };
		case 'brokenReply':
			return {
				...(facts.status && { status: facts.status }),
				...(facts.requestId && { requestId: facts.requestId }),
			};
		default:
			return {};
	}
}
