import { call, chat, contentOf, eventsOf, useSandbox, type Answer } from './support';

const sandbox = useSandbox();
const poll = ({ headers }: Answer, key?: string) =>
	call(sandbox.current, `${sandbox.current.nvcfUrl}/pexec/status/${headers.get('nvcf-reqid')}`, {
		key,
	});

describe('a pending reply', () => {
	it('is 202 with its id, then 202 for n polls, then the reply, once', async () => {
		sandbox.current.fault({ pend: 2 });
		const pending = await chat(sandbox.current);
		expect([pending.status, pending.text]).toEqual([202, '']);
		expect(pending.headers.get('nvcf-status')).toBe('in-progress');
		expect(pending.headers.get('nvcf-reqid')).toMatch(/^[0-9a-f-]{36}$/);
		for (const expected of [202, 202]) {
			const still = await poll(pending);
			expect(still.status).toBe(expected);
			expect(still.headers.get('nvcf-reqid')).toBe(pending.headers.get('nvcf-reqid'));
		}
		const reply = await poll(pending);
		expect(reply.headers.get('nvcf-status')).toBe('fulfilled');
		expect(contentOf(reply)).toContain('Hello');
		expect((await poll(pending)).status).toBe(404);
	});

	it('is there at the first poll with pend: 0', async () => {
		sandbox.current.fault({ pend: 0 });
		expect((await poll(await chat(sandbox.current))).status).toBe(200);
	});

	it('is a stream when a stream was asked for', async () => {
		sandbox.current.fault({ pend: 0 });
		const reply = await poll(await chat(sandbox.current, { stream: true }));
		expect(eventsOf(reply).at(-1)).toBe('[DONE]');
	});

	it('may be a failure', async () => {
		sandbox.current.fault({ pend: 0, status: 500, body: 'lost' });
		const pending = await chat(sandbox.current);
		expect(pending.status).toBe(202);
		const reply = await poll(pending);
		expect([reply.status, reply.text]).toEqual([500, 'lost']);
	});

	it('needs the key, and a refused poll uses up no turn', async () => {
		sandbox.current.fault({ pend: 0 });
		const pending = await chat(sandbox.current);
		expect((await poll(pending, '')).status).toBe(401);
		expect((await poll(pending)).status).toBe(200);
	});

	it('is the rule by setting, except for requests that are refused', async () => {
		sandbox.current.settings.pend = 0;
		expect((await chat(sandbox.current)).status).toBe(202);
		expect((await chat(sandbox.current, { top_p: 0 })).status).toBe(400);
		const models = await call(sandbox.current, `${sandbox.current.baseUrl}/models`);
		expect(models.status).toBe(200);
	});

	it('of an unknown id is 404', async () => {
		const { nvcfUrl } = sandbox.current;
		expect((await call(sandbox.current, `${nvcfUrl}/pexec/status/x`)).status).toBe(404);
	});
});

describe('a large result', () => {
	const redirected = async () => {
		sandbox.current.fault({ pend: 0, result302: true });
		const answer = await poll(await chat(sandbox.current));
		expect([answer.status, answer.text]).toEqual([302, '']);
		return answer.headers.get('location') ?? '';
	};

	it('is handed over by the storage host, without a key', async () => {
		const location = await redirected();
		expect(new URL(location).origin).toBe(sandbox.current.storageUrl);
		const withKey = await call(sandbox.current, location);
		expect(withKey.status).toBe(400);
		expect(withKey.text).toContain('<Error>');
		expect(contentOf(await call(sandbox.current, location, { key: '' }))).toContain('Hello');
		expect((await call(sandbox.current, location, { key: '' })).status).toBe(403);
	});

	it('needs its signature', async () => {
		const [url] = (await redirected()).split('?');
		expect((await call(sandbox.current, url, { key: '' })).status).toBe(403);
	});

	it('is the rule by setting', async () => {
		Object.assign(sandbox.current.settings, { pend: 0, result302: true });
		expect((await poll(await chat(sandbox.current))).status).toBe(302);
	});
});

describe('NVCF-POLL-SECONDS', () => {
	it.each([
		['1', 200],
		['3600', 200],
		['0', 400],
		['3601', 400],
		['1.5', 400],
		['soon', 400],
	])('of %s is answered %d', async (seconds, status) => {
		const headers = { 'nvcf-poll-seconds': seconds };
		expect((await chat(sandbox.current, {}, { headers })).status).toBe(status);
	});
});
