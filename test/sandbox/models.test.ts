import { call, chat, dataUri, imageMessage, picture, useSandbox } from './support';

const sandbox = useSandbox();

describe('the list of models', () => {
	it('is given without a key, with Gemma and others, without retired ones', async () => {
		const answer = await call(sandbox.current, `${sandbox.current.baseUrl}/models`, { key: '' });
		const { object, data } = JSON.parse(answer.text);
		expect(object).toBe('list');
		const ids = data.map(({ id }: { id: string }) => id);
		expect(ids).toEqual(
			expect.arrayContaining([
				'google/gemma-3-27b-it',
				'google/gemma-not-granted-it',
				'meta/llama-3.3-70b-instruct',
			]),
		);
		expect(ids).not.toContain('google/gemma-retired-it');
		expect(data[0]).toMatchObject({ object: 'model', owned_by: 'google' });
	});
});

describe('a model', () => {
	it('that does not exist is 404 in plain text', async () => {
		const answer = await chat(sandbox.current, { model: 'google/gemma-9' });
		expect([answer.status, answer.text]).toEqual([404, '404 page not found']);
	});

	it('that is not granted is 404 naming the account', async () => {
		const answer = await chat(sandbox.current, { model: 'google/gemma-not-granted-it' });
		expect(answer.status).toBe(404);
		expect(JSON.parse(answer.text)).toEqual({
			status: 404,
			title: 'Not Found',
			detail: expect.stringMatching(/^Function '.+': Not found for account '.+'$/),
		});
	});

	it('that is retired is 410', async () => {
		const answer = await chat(sandbox.current, { model: 'google/gemma-retired-it' });
		expect(answer.status).toBe(410);
		expect(JSON.parse(answer.text)).toMatchObject({
			title: 'Gone',
			detail: expect.stringContaining("'google/gemma-retired-it' has reached its end of life on"),
		});
	});

	it('of the second generation refuses the system role and nothing else', async () => {
		const model = 'google/gemma-2-9b-it';
		const messages = [
			{ role: 'system', content: 'x' },
			{ role: 'user', content: 'x' },
		];
		const refused = await chat(sandbox.current, { model, messages });
		expect(refused.status).toBe(400);
		expect(JSON.parse(refused.text).error.message).toBe('System role not supported');
		expect((await chat(sandbox.current, { model })).status).toBe(200);
	});

	it.each(['google/gemma-3-1b-it', 'google/gemma-2-9b-it', 'meta/llama-3.3-70b-instruct'])(
		'%s takes no pictures',
		async (model) => {
			const messages = [imageMessage(dataUri(await picture('png')))];
			const answer = await chat(sandbox.current, { model, messages });
			expect(answer.status).toBe(500);
			expect(JSON.parse(answer.text)).toEqual({
				error: {
					code: 500,
					message: expect.stringMatching(/^image input is not supported - hint: .*mmproj$/),
					type: 'server_error',
				},
			});
		},
	);

	it.each([
		'google/gemma-3-4b-it',
		'google/gemma-3-12b-it',
		'google/gemma-3-27b-it',
		'google/gemma-3n-e4b-it',
		'google/gemma-4-31b-it',
	])('%s takes pictures', async (model) => {
		const messages = [imageMessage(dataUri(await picture('png')))];
		expect((await chat(sandbox.current, { model, messages })).status).toBe(200);
	});
});

describe('a key', () => {
	it('that is missing is 401 in plain text', async () => {
		const answer = await chat(sandbox.current, {}, { key: '' });
		expect([answer.status, answer.text]).toEqual([
			401,
			'Header of type `authorization` was missing',
		]);
	});

	it.each(['nvapi-other', 'sk-sandbox'])('that is unknown (%s) is 401', async (key) => {
		const answer = await chat(sandbox.current, {}, { key });
		expect(answer.status).toBe(401);
		expect(answer.headers.get('content-type')).toBe('application/problem+json');
		expect(JSON.parse(answer.text)).toMatchObject({ status: 401, title: 'Unauthorized' });
	});

	it('has to come as a Bearer token', async () => {
		const authorization = `Basic ${sandbox.current.apiKey}`;
		const answer = await chat(sandbox.current, {}, { headers: { authorization } });
		expect(answer.status).toBe(401);
	});

	it('that may not is 403', async () => {
		const answer = await chat(sandbox.current, {}, { key: sandbox.current.forbiddenKey });
		expect(JSON.parse(answer.text)).toEqual({
			status: 403,
			title: 'Forbidden',
			detail: 'Authorization failed',
		});
	});

	it('is asked for by the asset API and by polling as well', async () => {
		const { nvcfUrl } = sandbox.current;
		for (const path of ['/assets', '/assets/x', '/pexec/status/x']) {
			expect((await call(sandbox.current, nvcfUrl + path, { key: '' })).status).toBe(401);
		}
	});

	it('is not looked at by an open server', async () => {
		sandbox.current.settings.requireKey = false;
		expect((await chat(sandbox.current, {}, { key: '' })).status).toBe(200);
		expect((await chat(sandbox.current, {}, { key: 'nonsense' })).status).toBe(200);
	});
});
