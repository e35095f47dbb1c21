/** How one extra field of a chat request is met: taken, or refused with this status. */
export type ExtraRule = 'accepted' | 400 | 422;

/** What can be changed while the sandbox runs, through `sandbox.settings`. */
export interface SandboxSettings {
	/** `false`: an open server that looks at no Authorization header. Default `true`. */
	requireKey: boolean;
	/**
	 * Rules for fields beyond model, messages, max_tokens, temperature, top_p and stream. A field
	 * named here follows its rule; of the rest, those in `OPTIONAL_FIELDS` are accepted and all
	 * others refused with 422. Default `{}`.
	 */
	extras: Partial<Record<string, ExtraRule>>;
	/** Most characters of base64 in one request; NVIDIA documents 180,000. Default `Infinity`. */
	inlineLimit: number;
	/**
	 * Tokens that a prompt and its reply may have together, as the sandbox counts them. Default
	 * `Infinity`.
	 */
	contextTokens: number;
	/**
	 * What becomes of a longer request: refused in vLLM's words, which name the limit, or in
	 * Ollama's, which do not; or cut without a word, as Ollama also does. Default `named`.
	 */
	tooLong: 'named' | 'unnamed' | 'cut';
	/** `true`: `<img>` tags that name an asset are read as plain text. Default `false`. */
	ignoresAssets: boolean;
	/** Speed of a reply. Default `Infinity`: as fast as possible, still one write a token. */
	tokensPerSecond: number;
	/** Milliseconds before the first token. Default 0. */
	firstTokenMs: number;
	/**
	 * Every chat request answers 202 first, and so do this many polls before its reply comes.
	 * Default `undefined`: replies come at once.
	 */
	pend: number | undefined;
	/** `true`: a pended reply is handed over by a 302 to the storage host. Default `false`. */
	result302: boolean;
	/** `true`: the log keeps base64 in request bodies. Default `false`. */
	keepBodies: boolean;
	/** Most requests kept in the log; the oldest go first. Default `Infinity`. */
	maxRequests: number;
	/** Milliseconds since 1970, for assets and upload URLs growing old. Default `Date.now`. */
	clock: () => number;
}

export interface SandboxOptions extends Partial<SandboxSettings> {
	/** Port of the API; 0, the default, takes any free one. */
	port?: number;
	/** Port of the storage host; 0, the default, takes any free one. */
	storagePort?: number;
	/** PEM texts; both hosts then speak HTTPS. */
	tls?: { key: string; cert: string };
	apiKey?: string;
	forbiddenKey?: string;
}

/** Optional fields of the documented chat API, which the sandbox takes unless told otherwise. */
export const OPTIONAL_FIELDS = [
	'stop',
	'seed',
	'frequency_penalty',
	'presence_penalty',
	'top_k',
	'n',
	'response_format',
	'stream_options',
] as const;

/** Fills in the defaults. */
export function toSettings(options: SandboxOptions): SandboxSettings {
	return {
		requireKey: options.requireKey ?? true,
		extras: options.extras ?? {},
		inlineLimit: options.inlineLimit ?? Infinity,
		contextTokens: options.contextTokens ?? Infinity,
		tooLong: options.tooLong ?? 'named',
		ignoresAssets: options.ignoresAssets ?? false,
		tokensPerSecond: options.tokensPerSecond ?? Infinity,
		firstTokenMs: options.firstTokenMs ?? 0,
		pend: options.pend,
		result302: options.result302 ?? false,
		keepBodies: options.keepBodies ?? false,
		maxRequests: options.maxRequests ?? Infinity,
		clock: options.clock ?? Date.now,
	};
}
