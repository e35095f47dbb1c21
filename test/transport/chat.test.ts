import { startSandbox, type Sandbox } from '../../sandbox';
import { complete } from '../../nodes/Gemma/transport/chat';
import { connect } from '../../nodes/Gemma/transport/connection';
import { rejectionOf } from '../support/failure';
import {
	nvidia,
	nvidiaKey,
	partsOf,
	question,
	sandboxConnection,
	useTransport,
} from '../support/transport';

const { keep, network, limit } = useTransport();

let sandbox: Sandbox;
beforeEach(async () => {
	sandbox = await keep(startSandbox({ keepBodies: true }));
});

const options = (assetIds: string[] = []) => ({ assetIds, maxRetries: 0, limit: limit() });

describe('a chat request', () => {
	it('carries the key, the body as it is, and says which replies it takes', async () => {
		const request = { ...question, stop: ['zzz', '\n\n'], seed: 7 };
		const completion = await complete(
			await network(),
			sandboxConnection(sandbox),
			request,
			options(),
		);
		expect(completion.choices[0].message.content).toContain('Hello');
		expect(completion.object).toBe('chat.completion');
		const [{ method, path, headers, body }] = sandbox.requests;
		expect([method, path]).toEqual(['POST', '/v1/chat/completions']);
		expect(headers).toMatchObject({
			authorization: `Bearer ${sandbox.apiKey}`,
			accept: 'text/event-stream, application/json',
			'content-type': 'application/json',
		});
		expect(headers).not.toHaveProperty('nvcf-input-asset-references');
		expect(body).toEqual(request);
	});

	it('without stream takes JSON only', async () => {
		const request = { ...question, stream: false };
		const run = await network();
		const whole = await complete(run, sandboxConnection(sandbox), request, options());
		const streamed = await complete(run, sandboxConnection(sandbox), question, options());
		expect(sandbox.requests[0].headers.accept).toBe('application/json');
		expect(streamed.choices).toEqual(whole.choices);
	});

	it('names its assets in one header', async () => {
		const failure = await rejectionOf(
			complete(await network(), sandboxConnection(sandbox), question, options(['a', 'b'])),
		);
		expect(sandbox.requests[0].headers['nvcf-input-asset-references']).toBe('a,b');
		expect(partsOf(failure).facts).toMatchObject({ kind: 'refused' });
	});

	it('carries the extra header, and no Authorization where there is no key', async () => {
		sandbox.settings.requireKey = false;
		const connection = connect({
			server: 'openAiCompatible',
			baseUrl: sandbox.baseUrl,
			header: true,
			headerName: 'X-Gateway',
			headerValue: 'gateway-value',
		});
		await complete(await network(), connection, question, options());
		expect(sandbox.requests[0].headers).toMatchObject({ 'x-gateway': 'gateway-value' });
		expect(sandbox.requests[0].headers).not.toHaveProperty('authorization');
	});

	it('with text of all scripts arrives as it was', async () => {
		const messages = [{ role: 'user' as const, content: 'naïve 😀 日本\u2028\n"' }];
		await complete(
			await network(),
			sandboxConnection(sandbox),
			{ ...question, messages },
			options(),
		);
		expect(sandbox.requests[0].body).toMatchObject({ messages });
	});

	it.each([
		['of another key', nvidiaKey, 401],
		['of a key that may not', 'forbidden', 403],
	])('%s is refused by the server’s words', async (_, key, status) => {
		const apiKey = key === 'forbidden' ? sandbox.forbiddenKey : key;
		const connection = nvidia(sandbox.baseUrl, sandbox.nvcfUrl, apiKey);
		const failure = await rejectionOf(complete(await network(), connection, question, options()));
		expect(partsOf(failure)).toMatchObject({
			facts: { kind: 'refused', cause: 'key', status },
			transient: false,
		});
	});

	it('is sent once, whatever the answer', async () => {
		sandbox.fault({ status: 503 }, { reset: 'before' }, { status: 429 });
		const retrying = { ...options(), maxRetries: 4 };
		const run = await network();
		for (let failures = 1; failures <= 3; failures++) {
			await rejectionOf(complete(run, sandboxConnection(sandbox), question, retrying));
			expect(sandbox.requests).toHaveLength(failures);
		}
	});
});
