/** Looks like `<` to the model, and to no parser. */
const HARMLESS = '‹';

/** What a lenient parser may skip between `<` and a tag's name: spaces, controls, invisible signs. */
const GAP = '[\\s\\p{Cc}\\p{Cf}\\p{Z}\\p{Default_Ignorable_Code_Point}]*';

/** To Python's regular expressions these are one letter when case is ignored. */
const I = '[iıİ]';

/**
 * The `<` of everything that a server could parse out of plain text: media tags, which NVIDIA reads
 * in string contents, and the control strings of Gemma's chat templates (Gemma 2 and 3:
 * `<start_of_turn>`, `<end_of_turn>`, `<start_of_image>` and their kin; Gemma 4: `<|turn>`,
 * `<turn|>`, `<|image|>`).
 */
const PARSED = new RegExp(
	[
		`<(?=${GAP}(?:${I}mg|aud${I}o|v${I}deo))`,
		'<(?=(?:(?:start|end)_of_(?:turn|image|audio)|image_soft_token|bos|eos|pad)>)',
		'<(?=\\|[\\w"]+\\|?>)',
		'<(?=\\w+\\|>)',
	].join('|'),
	'giu',
);

/**
 * Makes text from outside harmless: nothing in it can open a turn or smuggle a picture in. Other
 * text, `a < b` and `<b>` among it, stays as it is.
 */
export const neutralise = (text: string): string => text.replace(PARSED, HARMLESS);
