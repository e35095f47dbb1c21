import type { Conversation } from '../conversation/turn';
import type { UploadedAsset } from '../conversation/wire';
import type { Picture } from '../images/picture';
import type { Road } from '../images/road';
import type { ChatRequest, Completion, Usage } from '../transport/api';
import type { ChatStream } from './chatStream';
import type { Format } from './format';
import type { Options } from './options';

/** What one item asks. */
export interface Question {
	model: string;
	conversation: Conversation;
	pictures: Picture[];
	/** Pictures that are up already, in place of those. */
	assets?: UploadedAsset[];
	/** Each picture is announced by its number, also where there is one view of each. */
	numbered?: boolean;
	options: Options;
	format: Format;
	/** Where the reply is shown while it is written. */
	chat?: ChatStream;
	/** The pictures as small as an inline request needs them, once that was worked out. */
	fitted?: Picture[];
}

/** One try at a question: what was decided for it, so that a refusal can be understood. */
export interface Attempt {
	road: Road | 'none';
	foldSystem: boolean;
	request: ChatRequest;
}

/** Pictures that the model is to see. */
export const picturesIn = ({ pictures, assets = [] }: Question): number =>
	pictures.length + assets.length;

/** Whether another road may be tried; of what is up already there is nothing to send inline. */
export const goesAnyRoad = ({ options, assets }: Question): boolean =>
	options.imageTransfer === 'auto' && !assets;

/** What came of a question. */
export interface Answer {
	/** The last completion; its usage counts the earlier ones of the item too. */
	completion: Completion;
	/** What the last completion alone says of its prompt. */
	ownUsage: Usage | undefined;
	byAsset: boolean;
	/** What the reply holds, where a form was asked for. */
	data?: unknown;
}
