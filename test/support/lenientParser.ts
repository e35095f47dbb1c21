/** Between `<` and a name, a very lenient parser sees nothing in these. */
const isNothing = (character: string) =>
	/[\s\p{Cc}\p{Cf}\p{Z}\p{Default_Ignorable_Code_Point}]/u.test(character);

/** Python's regular expressions, too, take these letters for an i when case is ignored. */
const fold = (text: string) => text.replace(/[ıİ]/g, 'i').toLowerCase();

/** Control strings of Gemma's chat templates; a tokenizer knows them in exactly this form. */
export const CONTROL_STRINGS = [
	...['<bos>', '<eos>', '<pad>', '<start_of_turn>', '<end_of_turn>', '<start_of_image>'],
	...['<end_of_image>', '<image_soft_token>', '<start_of_audio>', '<end_of_audio>'],
	...['<audio_soft_token>', '<|turn>', '<turn|>', '<|image>', '<|image|>', '<image|>', '<|audio|>'],
	...['<|think|>', '<|channel>', '<channel|>', '<|tool_call>', '<tool_call|>', '<|"|>'],
];

/** Names of the media tags that a lenient parser finds in a text, in their order. */
export function mediaTags(text: string): string[] {
	const characters = [...text];
	return characters.flatMap((character, i) => {
		if (character !== '<') return [];
		const start = characters.findIndex((next, at) => at > i && !isNothing(next));
		const name = fold(start < 0 ? '' : characters.slice(start, start + 5).join(''));
		return ['img', 'audio', 'video'].filter((tag) => name.startsWith(tag));
	});
}

export const controlStrings = (text: string): string[] =>
	CONTROL_STRINGS.filter((control) => text.includes(control));
