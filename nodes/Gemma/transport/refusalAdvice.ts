import type { RefusalCause } from '../failure';

/** What each cause asks of the user, and whether the same request may succeed later. */
export const ADVICE: Record<RefusalCause, { advice: string; transient?: boolean }> = {
	key: {
		advice:
			'Open the Gemma API credential and test it: the key is missing, mistyped, expired, or not allowed to use this model.',
	},
	credits: {
		advice:
			"The account's credits, or its quota for the day, are used up: renew them with the key's provider, or run the workflow again when the day is over.",
	},
	model: {
		advice:
			"Pick another model in the node's Model field: this one is unknown to the server, retired, or not granted to your account.",
	},
	path: {
		advice:
			"Check the Base URL of the credential (it usually ends in /v1, once) and the node's Model: the server does not know one of the two.",
	},
	limit: {
		advice:
			"The account's rate limit is used up: set Requests per Minute under Options (about 40 on a free NVIDIA account), or run the workflow again later.",
		transient: true,
	},
	busy: {
		advice: 'The server is overloaded or has a fault of its own: run the workflow again later.',
		transient: true,
	},
	size: {
		advice:
			'The request is too large for the server: send fewer or smaller pictures, or set Image Detail back to Auto.',
	},
	context: {
		advice:
			"The text does not fit into the model's context: shorten it, lower Maximum Number of Tokens, use a model with a longer context, or let Summarize Text take it in parts.",
	},
	memory: {
		advice:
			'The model does not fit into the memory of the server: pick a smaller model or quantization, or give the server more memory.',
	},
	asset: {
		advice:
			'The picture could not be used as an uploaded asset: set Image Transfer to Inline under Options.',
	},
	vision: {
		advice:
			'This model, or this server, takes no pictures: pick one that does, such as google/gemma-3-27b-it. On llama.cpp start the server with its --mmproj file.',
	},
	systemRole: {
		advice:
			"This model takes no system message: set System Placement to 'Fold Into First User Message' under Options.",
	},
	responseFormat: {
		advice:
			"The server does not take response_format: remove it from Additional Body; the node's own it leaves out by itself.",
	},
	streamOptions: {
		advice: 'The server does not know stream_options: set Stream to off under Options.',
	},
	field: {
		advice:
			'The server does not take one of the fields that were sent: remove the option it names under Options (or from Additional Body).',
	},
	request: { advice: "Change what the server's message names, then run the workflow again." },
	redirect: {
		advice: 'Put the address that the server redirects to into the Base URL of the credential.',
	},
};
