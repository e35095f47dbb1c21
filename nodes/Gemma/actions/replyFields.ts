import { simplify } from '../reply/simplify';
import type { Completion } from '../transport/api';

/** What goes into the output of a completion: the whole of it, or the simplified form. */
export const replyFields = (completion: Completion, model: string, simple: boolean): object =>
	simple ? simplify(completion, model) : raw(completion);

/** n8n reads an `error` key, even an empty one, as a failed item. */
function raw(completion: Completion): Completion {
	const rest = { ...completion };
	delete rest.error;
	return rest;
}
