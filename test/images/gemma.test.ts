import {
	contextOf,
	DEFAULT_MODEL,
	isGemma,
	isTextOnlyGemma,
	seesOneSquare,
	tokensPerPicture,
} from '../../nodes/Gemma/gemma';

interface Facts {
	/** Nothing where it does not matter. */
	square?: boolean;
	textOnly: boolean;
}

const SQUARE = { square: true, textOnly: false };
const SHAPE = { square: false, textOnly: false };
const BLIND = { textOnly: true };
/** Of another family, with eyes of its own. */
const RELATIVE = { textOnly: false };

it.each<[string, string, Facts]>([
	['NVIDIA', 'google/gemma-3-27b-it', SQUARE],
	['NVIDIA', 'google/gemma-3-12b-it', SQUARE],
	['NVIDIA', 'google/gemma-3-4b-it', SQUARE],
	['NVIDIA', 'google/gemma-3n-e2b-it', SHAPE],
	['NVIDIA', 'google/gemma-3n-e4b-it', SHAPE],
	['NVIDIA', 'google/gemma-4-31b-it', SHAPE],
	['NVIDIA', 'google/gemma-4-26b-a4b-it', SHAPE],
	['NVIDIA', 'google/gemma-2-2b-it', BLIND],
	['NVIDIA', 'google/gemma-2-9b-it', BLIND],
	['NVIDIA', 'google/gemma-2-27b-it', BLIND],
	['NVIDIA', 'google/gemma-2b', BLIND],
	['NVIDIA', 'google/gemma-7b', BLIND],
	['NVIDIA', 'google/codegemma-7b', BLIND],
	['NVIDIA', 'google/codegemma-1.1-7b', BLIND],
	['NVIDIA', 'google/recurrentgemma-2b', BLIND],
	['NVIDIA', 'google/shieldgemma-9b', BLIND],
	['NVIDIA', 'google/paligemma', RELATIVE],
	['Ollama', 'gemma3', SQUARE],
	['Ollama', 'gemma3:latest', SQUARE],
	['Ollama', 'gemma3:27b', SQUARE],
	['Ollama', 'gemma3:12b-it-qat', SQUARE],
	['Ollama', 'gemma3n:e4b', SHAPE],
	['Ollama', 'gemma4:31b', SHAPE],
	['Ollama', 'gemma2:9b', BLIND],
	['Ollama', 'gemma2', BLIND],
	['Ollama', 'gemma:7b', BLIND],
	['Ollama', 'codegemma:2b', BLIND],
	['Ollama', 'embeddinggemma:300m', BLIND],
	['Hugging Face', 'unsloth/gemma-3-12b-it-GGUF', SQUARE],
	['Hugging Face', 'bartowski/google_gemma-3-27b-it-GGUF:Q4_K_M', SQUARE],
	['Hugging Face', 'RedHatAI/gemma-3-27b-it-FP8-dynamic', SQUARE],
	['Hugging Face', 'google/gemma-3n-E4B-it', SHAPE],
	['Hugging Face', 'google/Gemma-4-31B-it', SHAPE],
	['Hugging Face', 'google/gemma-1.1-7b-it', BLIND],
	['Hugging Face', 'google/medgemma-4b-it', RELATIVE],
	['Hugging Face', 'google/medgemma-27b-it', RELATIVE],
	['Hugging Face', 'google/paligemma-3b-mix-224', RELATIVE],
	['Hugging Face', 'google/paligemma2-10b-mix-448', RELATIVE],
])('%s’s %s is known for what it sees', (_, id, { square, textOnly }) => {
	expect(isGemma(id)).toBe(true);
	expect(isTextOnlyGemma(id)).toBe(textOnly);
	if (square !== undefined) expect(seesOneSquare(id)).toBe(square);
});

it.each([
	'google/gemma-3-1b-it',
	'gemma3:1b',
	'gemma3:1b-it-qat',
	'gemma3:270m',
	'gemma-3-270m-it',
])('%s is a Gemma 3 without eyes', (id) => {
	expect(isTextOnlyGemma(id)).toBe(true);
});

it.each(['meta/llama-3.2-90b-vision-instruct', 'gpt-4o', 'gemini-2.5-flash', ''])(
	'%p is no Gemma, and nothing is claimed of its eyes',
	(id) => {
		expect([isGemma(id), isTextOnlyGemma(id), seesOneSquare(id)]).toEqual([false, false, false]);
	},
);

it.each<[string, tokens: number, context: number, square: boolean]>([
	['google/gemma-3-4b-it', 256, 131_072, true],
	['google/gemma-3n-e4b-it', 256, 32_768, false],
	['google/medgemma-4b-it', 256, 131_072, true],
	['google/medgemma-4b-pt', 256, 131_072, true],
	['google/medgemma-27b-it', 256, 131_072, true],
	['google/medgemma-1.5-4b-it', 256, 131_072, true],
	['medgemma:4b', 256, 131_072, true],
	['google/gemma-4-31b-it', 70, 262_144, false],
	['google/gemma-4-e4b-it', 70, 131_072, false],
	['gemma4', 70, 262_144, false],
	['gemma4:27b', 70, 262_144, false],
	['gemma4:e2b', 70, 131_072, false],
	['bartowski/google_gemma-4-31b-it-GGUF', 70, 262_144, false],
	['google/paligemma-3b-mix-224', 256, 8192, false],
	['google/paligemma2-10b-mix-448', 256, 8192, false],
	['google/paligemma-4b', 256, 8192, false],
	['google/gemma-2-9b-it', 256, 8192, false],
	['google/translategemma-4b-it', 256, 8192, false],
	['google/gemma-40b', 256, 8192, false],
	['gpt-4o', 0, 8192, false],
])('%s takes %i tokens a picture and holds %i', (id, tokens, context, square) => {
	expect([tokensPerPicture(id), contextOf(id), seesOneSquare(id)]).toEqual([
		tokens,
		context,
		square,
	]);
});

it('the model that is set from the start takes pictures', () => {
	expect(DEFAULT_MODEL).toBe('google/gemma-3-27b-it');
	expect(isTextOnlyGemma(DEFAULT_MODEL)).toBe(false);
});
