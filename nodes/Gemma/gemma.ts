/** Facts about the Gemma family that several rooms share. */

export const DEFAULT_MODEL = 'google/gemma-3-27b-it';

/** The kinds of pictures that Gemma's servers take. */
export type MediaType = 'image/png' | 'image/jpeg';

/** The square, in pixels a side, that Gemma 3's vision tower sees of every picture. */
export const MODEL_SIDE = 896;

/**
 * The tokens of a prompt that one picture takes at least: always 256 on Gemma 3 and 3n, from 70 up
 * on Gemma 4, which scales pictures to a budget. Nothing is known of other models.
 */
export function tokensPerPicture(model: string): number {
	if (!isGemma(model)) return 0;
	return GEMMA_4.test(model) ? 70 : 256;
}

/** The generation, and not a size as in `translategemma-4b-it` or `paligemma-3b-mix-224`. */
const GEMMA_4 = /gemma-?4(?![\db])/i;
/** MedGemma is a Gemma 3 whose ids tell its size alone. */
const GEMMA_3 = /gemma-?3(?![\dbn])|medgemma/i;

export const isGemma = (model: string): boolean => /gemma/i.test(model);

/** Gemma 3 (not 3n) and MedGemma squash every picture to one square of 896 pixels; Gemma 4 keeps its shape. */
export const seesOneSquare = (model: string): boolean => GEMMA_3.test(model);

/**
 * Gemmas without eyes: the first two generations, and the small ones of the third. Ids differ by
 * server: `google/gemma-3-1b-it`, `gemma3:270m`, `codegemma-7b`. PaliGemma and MedGemma, whose ids
 * look like those of the first two, see.
 */
export const isTextOnlyGemma = (model: string): boolean =>
	/(?<!pali|med)gemma(-?[12](?!\d)|-\d+b|:)|gemma-?3[:-](1b|270m)|(code|shield|recurrent)-?gemma|embeddinggemma/i.test(
		model,
	);

/** Tokens that a model holds, prompt and reply together, by the model cards; the first match counts. */
const CONTEXTS: Array<[RegExp, number]> = [
	[/gemma-?4[:-]e\d/i, 131_072],
	[GEMMA_4, 262_144],
	[/gemma-?3n|gemma-?3[:-](1b|270m)/i, 32_768],
	[GEMMA_3, 131_072],
];

/** What is counted on where the model is older or unknown. */
const SMALLEST_CONTEXT = 8192;

/** The context of a model in tokens. The server that runs it may have been started with a smaller one. */
export const contextOf = (model: string): number =>
	CONTEXTS.find(([pattern]) => pattern.test(model))?.[1] ?? SMALLEST_CONTEXT;
