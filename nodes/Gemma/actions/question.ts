import type { Conversation } from '../conversation/turn';
import type { Picture } from '../images/picture';
import type { Road } from '../images/road';
import type { ChatRequest } from '../transport/api';
import type { Format } from './format';
import type { Options } from './options';

/** What one item asks. */
export interface Question {
	model: string;
	conversation: Conversation;
	pictures: Picture[];
	options: Options;
	format: Format;
}

/** One try at a question: what was decided for it, so that a refusal can be understood. */
export interface Attempt {
	road: Road | 'none';
	foldSystem: boolean;
	request: ChatRequest;
}
