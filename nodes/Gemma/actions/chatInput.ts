import type { IExecuteFunctions } from 'n8n-workflow';

import { isBlank } from '../conversation/turn';
import { textOf } from '../json';

/** The message that a Chat Trigger put into the item; '' when there is none. */
export function chatInput(context: IExecuteFunctions, itemIndex: number): string {
	const text = textOf(context.getInputData()[itemIndex]?.json.chatInput);
	return isBlank(text) ? '' : text;
}
