/**
 * `maximum context length is 4096 tokens` (vLLM, OpenRouter), `context size (512 tokens)`
 * (llama.cpp), `context length of only 4096 tokens` (LM Studio), `maximum model length of 8192`. A
 * status that stands behind the words is no limit.
 */
const LIMIT =
	/(?:context (?:length|size|window)|maximum model length|max_(?:model|seq)_len)\D{0,30}?(?<!HTTP )(\d[\d,]*)/i;

/** The context in tokens that a server names when it refuses a longer prompt; nothing when it names none. */
export function contextLimitIn(words: string): number | undefined {
	const number = LIMIT.exec(words)?.[1].replaceAll(',', '');
	return number ? Number(number) : undefined;
}
