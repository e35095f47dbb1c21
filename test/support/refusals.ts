import type { Fault } from '../../sandbox';

/** What a refusal looks like on the wire, and what its reader is told. */
export interface Refusal {
	reply: Pick<Fault, 'status' | 'body' | 'rawBody' | 'headers'>;
	/** The message; the server's words come first. */
	says: string;
	advice: RegExp;
	requestId?: string;
}

export const openAi = (text: string, param: string | null = null) => ({
	error: { message: text, type: 'invalid_request_error', param, code: null },
});
const problem = (status: number, title: string, detail?: string) => ({ status, title, detail });
const unprocessable = {
	type: 'urn:inference-service:problem-details:unprocessable-entity',
	title: 'Unprocessable Entity',
	status: 422,
	detail: 'body -> frequency_penalty\n  Extra inputs are not permitted (type=value_error.extra)',
	requestId: 'req-422',
};

/** Every row of the failure table of NVIDIA's API. */
export const nvidiaRefusals: Record<string, Refusal> = {
	'400 with an error object': {
		reply: { status: 400, body: openAi('max_tokens must be at most 8192', 'max_tokens') },
		says: 'max_tokens must be at most 8192 (HTTP 400)',
		advice: /Change what the server's message names/,
	},
	'400 for a body that is too large': {
		reply: { status: 400, body: openAi('The request body exceeds the limit of 26214400 bytes') },
		says: 'The request body exceeds the limit of 26214400 bytes (HTTP 400)',
		advice: /fewer or smaller pictures/,
	},
	'401 in plain text': {
		reply: { status: 401, body: 'Header of type `authorization` was missing' },
		says: 'Header of type `authorization` was missing (HTTP 401)',
		advice: /credential/,
	},
	'401 as problem JSON': {
		reply: { status: 401, body: problem(401, 'Unauthorized', 'Authentication failed') },
		says: 'Authentication failed (HTTP 401)',
		advice: /credential/,
	},
	'402 out of credits': {
		reply: { status: 402, body: problem(402, 'Payment Required', 'Cloud credits expired') },
		says: 'Cloud credits expired (HTTP 402)',
		advice: /credits/,
	},
	'403 not allowed': {
		reply: { status: 403, body: problem(403, 'Forbidden', 'Authorization failed') },
		says: 'Authorization failed (HTTP 403)',
		advice: /credential/,
	},
	'404 of an unknown path or model': {
		reply: { status: 404, body: '404 page not found' },
		says: '404 page not found (HTTP 404)',
		advice: /Base URL[^]*Model/,
	},
	'404 of a model that is not granted': {
		reply: {
			status: 404,
			body: problem(404, 'Not Found', "Function 'f-1': Not found for account 'a-1'"),
		},
		says: "Function 'f-1': Not found for account 'a-1' (HTTP 404)",
		advice: /another model/,
	},
	'410 of a retired model': {
		reply: {
			status: 410,
			body: problem(410, 'Gone', "The model 'X' has reached its end of life on 2026-06-30"),
		},
		says: "The model 'X' has reached its end of life on 2026-06-30 (HTTP 410)",
		advice: /another model/,
	},
	'422 behind "data:"': {
		reply: { status: 422, rawBody: `data:${JSON.stringify(unprocessable)}` },
		says: `${unprocessable.detail.replace(/\n\s*/, '\n')} (HTTP 422)`,
		advice: /option/,
		requestId: 'req-422',
	},
	'422 with a list of details': {
		reply: {
			status: 422,
			body: { detail: [{ loc: ['body', 'temperature'], msg: 'Input should be at most 1' }] },
		},
		says: 'body -> temperature: Input should be at most 1 (HTTP 422)',
		advice: /./,
	},
	'429 without Retry-After': {
		reply: { status: 429, body: problem(429, 'Too Many Requests') },
		says: 'Too Many Requests (HTTP 429)',
		advice: /Requests per Minute.*again later/,
	},
	'500 as problem JSON': {
		reply: {
			status: 500,
			body: problem(500, 'Internal Server Error', 'Inference connection error'),
			headers: { 'NVCF-REQID': 'req-500' },
		},
		says: 'Inference connection error (HTTP 500)',
		advice: /again/,
		requestId: 'req-500',
	},
	'502 as a page of a proxy': {
		reply: {
			status: 502,
			rawBody: '<html><head><title>502 Bad Gateway</title></head><body><hr>nginx</body></html>',
		},
		says: '502 Bad Gateway (HTTP 502)',
		advice: /again/,
	},
	'503 in plain text': {
		reply: { status: 503, body: 'no healthy upstream' },
		says: 'no healthy upstream (HTTP 503)',
		advice: /again/,
	},
	'504 without a body': {
		reply: { status: 504, rawBody: '' },
		says: 'The server answered 504 Gateway Timeout (HTTP 504)',
		advice: /again/,
	},
	'529 without a body': {
		reply: { status: 529, rawBody: '' },
		says: 'The server answered 529 (HTTP 529)',
		advice: /again/,
	},
};

const raw = '{"error":"model is warming up"}';
/** The shapes of other servers, and of errors that come under status 200. */
export const otherRefusals: Record<string, Refusal> = {
	'LM Studio, an error that is a text': {
		reply: { status: 400, body: { error: 'No models loaded' } },
		says: 'No models loaded (HTTP 400)',
		advice: /./,
	},
	'vLLM, an object that is an error': {
		reply: {
			status: 400,
			body: { object: 'error', message: 'Unsupported value: top_p', type: 'BadRequest', code: 400 },
		},
		says: 'Unsupported value: top_p (HTTP 400)',
		advice: /message names/,
	},
	'OpenRouter, with the words of the server behind it': {
		reply: {
			status: 429,
			body: { error: { code: 429, message: 'Provider returned error', metadata: { raw } } },
		},
		says: `Provider returned error: ${raw} (HTTP 429)`,
		advice: /Requests per Minute.*again later/,
	},
	'llama.cpp, 500 for a malformed body': {
		reply: {
			status: 500,
			body: { error: { code: 500, message: 'parse error at line 1', type: 'server_error' } },
		},
		says: 'parse error at line 1 (HTTP 500)',
		advice: /Change what the server's message names/,
	},
	'an error in the middle of a stream': {
		reply: {
			body: 'data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: {"error":{"code":502,"message":"Upstream died"}}\n\n',
		},
		says: 'Upstream died (HTTP 502)',
		advice: /again/,
	},
	'problem JSON in the middle of a stream': {
		reply: {
			body: `: hi\n\ndata: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: ${JSON.stringify(problem(503, 'Service Unavailable', 'Worker lost'))}\n\n`,
		},
		says: 'Worker lost (HTTP 503)',
		advice: /again/,
	},
	'an error object under status 200': {
		reply: { body: { error: { message: 'Quota exceeded for today', code: 402 } } },
		says: 'Quota exceeded for today (HTTP 402)',
		advice: /credits/,
	},
};
