import { inspect } from 'node:util';
import type { IncomingMessage, ServerResponse } from 'node:http';

import { delta, event, events, stop, wholeCompletion } from '../support/events';
import {
	analyze,
	everythingOf,
	message,
	openGemma,
	type GemmaBench,
	type GemmaRun,
} from '../support/gemmaWorkflow';
import { solid } from '../support/pictures';
import { openHttp, type TestServer } from '../support/servers';

const PASS = 'nvapi-abcDEF123_+/=secret';
const VALUE = 'gateway "token" <&> 4711\\x';
const SIGNATURE = 'f00dfeedf00dfeedf00dfeed';

let gemma: GemmaBench;
let server: TestServer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const printed: string[] = [];

beforeAll(async () => {
	gemma = await openGemma();
	server = await openHttp((request, response) => {
		request.resume().on('end', () => answer(request, response));
	});
	for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
		jest.spyOn(console, method).mockImplementation((...words: unknown[]) => {
			printed.push(inspect(words, { depth: 20 }));
		});
	}
	for (const stream of [process.stdout, process.stderr]) {
		jest.spyOn(stream, 'write').mockImplementation((words) => Boolean(printed.push(String(words))));
	}
});
afterAll(async () => {
	jest.restoreAllMocks();
	await gemma.close();
	await server.close();
});

/** What a server that shows everything it got would say. */
const echo = ({ headers }: IncomingMessage) =>
	`You sent ${headers.authorization} and ${headers['x-gateway']}, that is ` +
	`${encodeURIComponent(PASS)} and ${encodeURIComponent(VALUE)}`;

const credential = () => ({
	server: 'nvidia',
	apiKey: PASS,
	baseUrl: `${server.url}/v1`,
	nvcfUrl: `${server.url}/v2/nvcf`,
	header: true,
	headerName: 'X-Gateway',
	headerValue: VALUE,
});

const modes = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;
const ask = async (onError: (typeof modes)[number]) =>
	await gemma.run(message('Hello', { options: { maxRetries: 0 } }), {
		credential: credential(),
		node: { onError },
	});

/** Every form in which a secret could stand in what is left of a run. */
const FORMS = [PASS, VALUE, SIGNATURE].flatMap((secret) => {
	const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
	return [secret, inJson(secret), inJson(inJson(secret)), encodeURIComponent(secret)];
});

function expectNoSecret(run: GemmaRun): void {
	const everything = everythingOf(run) + printed.join('\n') + inspect(run.whole, { depth: 20 });
	expect(FORMS.filter((form) => everything.includes(form))).toEqual([]);
}

const refusals: Record<string, typeof answer> = {
	'plain text': (request, response) => response.writeHead(401).end(echo(request)),
	'an error object': (request, response) =>
		response.writeHead(400).end(JSON.stringify({ error: { message: echo(request), code: PASS } })),
	'problem JSON': (request, response) =>
		response
			.writeHead(403, { 'nvcf-reqid': PASS })
			.end(JSON.stringify({ status: 403, title: 'Forbidden', detail: echo(request) })),
	'a page': (request, response) =>
		response.writeHead(502).end(`<html><body><p>${echo(request)}</p></body></html>`),
	'the middle of a stream': (request, response) =>
		response.end(events(delta({ content: 'Hi' }), { error: { message: echo(request) } })),
	'a line that is no JSON': (request, response) => response.end(event(`{${echo(request)}`)),
	'a redirect': (request, response) =>
		response.writeHead(307, { location: `https://x.example/?key=${PASS}` }).end(echo(request)),
};

describe.each(Object.entries(refusals))('a server that echoes the secrets in %s', (_, reply) => {
	it.each(modes)('gives none of them away, with %s', async (onError) => {
		answer = reply;
		const run = await ask(onError);
		expectNoSecret(run);
		// The words did come through, with the secrets blanked.
		expect(everythingOf(run)).toMatch(/You sent .*\[hidden\]|HTTP 307/);
	});
});

it('blanks the secrets in a reply’s text, whole and streamed, simplified or not', async () => {
	for (const simplify of [true, false]) {
		for (const streamed of [true, false]) {
			answer = (request, response) => {
				const words = echo(request);
				const body = streamed
					? events(delta({ content: words, reasoning_content: words }), stop)
					: JSON.stringify(wholeCompletion(words, { object: words, system_fingerprint: PASS }));
				response.end(body);
			};
			const run = await gemma.run(message('Hello', { simplify }), { credential: credential() });
			expectNoSecret(run);
			expect(JSON.stringify(run.json)).toContain('You sent Bearer [hidden]');
		}
	}
});

it('blanks the secrets in a hint', async () => {
	const calls = [{ index: 0, function: { name: PASS, arguments: '{}' } }];
	answer = (_, response) => response.end(events(delta({ tool_calls: calls }), stop));
	const run = await ask('stopWorkflow');
	expect(run.hints).toEqual([expect.stringContaining('([hidden])')]);
	expectNoSecret(run);
});

it('blanks a signed upload address that the storage host echoes', async () => {
	const signed = `/uploads/a-1?X-Amz-Algorithm=AWS4&X-Amz-Signature=${SIGNATURE}`;
	answer = (request, response) => {
		const { method, url = '' } = request;
		if (method === 'POST') {
			response.end(JSON.stringify({ assetId: 'a-1', uploadUrl: server.url + signed }));
		} else if (method === 'PUT') {
			const text = `Rejected ${server.url}${url} and ${url.replaceAll('&', '&amp;')}`;
			response
				.writeHead(403)
				.end(`<Error><Code>AccessDenied</Code><Message>${text}</Message></Error>`);
		} else response.writeHead(204).end();
	};
	const parameters = analyze({ options: { imageTransfer: 'asset', maxRetries: 0 } });
	const input = [await gemma.item({ 'data.png': await solid('png', 8, 8, 'red') })];
	for (const onError of modes) {
		const run = await gemma.run(parameters, { input, credential: credential(), node: { onError } });
		expect(everythingOf(run)).toContain('AccessDenied: Rejected');
		expectNoSecret(run);
	}
});

it('blanks a secret in the middle of a URL that nobody answers at', async () => {
	const baseUrl = `http://127.0.0.1:9/${encodeURIComponent(PASS)}/v1`;
	for (const onError of modes) {
		const run = await gemma.run(message('Hello', { options: { maxRetries: 0 } }), {
			credential: { ...credential(), baseUrl },
			node: { onError },
		});
		expect(everythingOf(run)).toContain('Could not talk to 127.0.0.1:9');
		expectNoSecret(run);
	}
});

it('refuses a password in a URL without showing it', async () => {
	const own = `${encodeURIComponent(PASS)}@127.0.0.1:9`;
	for (const baseUrl of [`http://user:${own}/v1`, `http://${own}/v1`, `user:${own}/v1`]) {
		for (const onError of modes) {
			const run = await gemma.run(message('Hello'), {
				credential: { ...credential(), apiKey: 'nvapi-another', baseUrl },
				node: { onError },
			});
			expect(everythingOf(run)).toContain('holds a user name or a password');
			expectNoSecret(run);
		}
	}
});

it.each([
	['the token behind Bearer', `Bearer ${PASS}`],
	['the password within Basic', `Basic ${Buffer.from(`user:${PASS}`).toString('base64')}`],
])('blanks %s of the extra header, which the server shows alone', async (_, headerValue) => {
	answer = (__, response) => response.writeHead(401).end(`The secret ${PASS} is not known`);
	const header = { header: true, headerName: 'Authorization', headerValue };
	for (const onError of modes) {
		const run = await gemma.run(message('Hello'), {
			credential: { server: 'openAiCompatible', apiKey: '', baseUrl: server.url, ...header },
			node: { onError },
		});
		expect(everythingOf(run)).toContain('The secret [hidden] is not known');
		expectNoSecret(run);
	}
});

it('leaves a key that is only a placeholder in an answer, where it is a word', async () => {
	const own = { server: 'openAiCompatible', apiKey: 'ollama', baseUrl: server.url };
	answer = (_, response) => response.end(JSON.stringify(wholeCompletion('I run on ollama.')));
	const { json } = await gemma.run(message('Hello'), { credential: own });
	expect(json[0].text).toBe('I run on ollama.');
	answer = (_, response) => response.writeHead(401).end('Not the key: ollama');
	const { error } = await gemma.run(message('Hello'), { credential: own });
	expect(error?.message).toBe('Not the key: [hidden] (HTTP 401)');
});
