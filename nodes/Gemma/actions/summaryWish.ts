import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import { inputFailure } from '../failure';
import { textOf } from '../json';
import type { Style, Wish } from '../summary/prompts';
import type { Options } from './options';
import { choiceValue, numberValue } from './values';

const STYLES: readonly Style[] = ['bullets', 'paragraph', 'headline', 'custom'];

/** Tokens that a word takes at most in the languages of Europe, signs included. */
const TOKENS_A_WORD = 3;
/** The longest reply that hosted models give. */
const MOST_TOKENS = 8192;

/** What the summary is to be like, as the item's fields say. @throws Failure of kind `input`. */
export function readWish(context: IExecuteFunctions, itemIndex: number): Omit<Wish, 'texts'> {
	const parameter = (name: string, fallback: string | number): unknown =>
		context.getNodeParameter(name, itemIndex, fallback);
	choiceValue('Scope', parameter('scope', 'each'), ['each', 'all']);
	const style = choiceValue('Style', parameter('style', 'bullets'), STYLES);
	const instruction = style === 'custom' ? textOf(parameter('instruction', '')).trim() : '';
	if (style === 'custom' && instruction === '') {
		throw inputFailure(
			'Instruction',
			'Instruction is empty, and Style is Custom',
			'Write how the text is to be summarized, or choose another Style.',
		);
	}
	return {
		style,
		instruction,
		lengthInWords: numberValue('Length in Words', parameter('lengthInWords', 0), {
			min: 0,
			integer: true,
		}),
		language: textOf(parameter('language', '')).trim(),
		focus: textOf(parameter('focus', '')).trim(),
	};
}

/** The options with room for the words that were asked for, unless the user set the tokens. */
export function withRoomFor(
	context: IExecuteFunctions,
	itemIndex: number,
	options: Options,
	lengthInWords: number,
): Options {
	const { maxTokens } = context.getNodeParameter('options', itemIndex, {}) as IDataObject;
	if (maxTokens !== undefined && maxTokens !== null) return options;
	const wanted = Math.min(MOST_TOKENS, lengthInWords * TOKENS_A_WORD);
	const max_tokens = Math.max(options.sampling.max_tokens, wanted);
	return { ...options, sampling: { ...options.sampling, max_tokens } };
}
