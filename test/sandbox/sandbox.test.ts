import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as plainRequest } from 'node:http';
import { request } from 'node:https';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox';
import {
	call,
	chat,
	MODEL,
	picture,
	tls,
	uploadAsset,
	useOwnSandboxes,
	useSandbox,
} from './support';

const sandbox = useSandbox();
const startOwn = useOwnSandboxes();

describe('the log', () => {
	it('holds each request of both hosts, with its status', async () => {
		await chat(sandbox.current, { seed: 1 });
		await chat(sandbox.current, {}, { key: '' });
		await uploadAsset(sandbox.current, await picture('png'));
		const { requests } = sandbox.current;
		expect(requests.map(({ host, method, status }) => [host, method, status])).toEqual([
			['api', 'POST', 200],
			['api', 'POST', 401],
			['api', 'POST', 200],
			['storage', 'PUT', 200],
		]);
		expect(requests[0]).toMatchObject({
			path: '/v1/chat/completions',
			headers: { authorization: `Bearer ${sandbox.current.apiKey}` },
			body: { seed: 1 },
			bytes: Number(requests[0].headers['content-length']),
		});
		expect(Date.now() - requests[0].at).toBeLessThan(5000);
		expect(requests[3].path).toMatch(/^\/uploads\/.+\?.*X-Amz-Signature=/);
		expect(requests[3].body).toBeUndefined();
		expect(requests[3].bytes).toBe([...sandbox.current.assets.values()][0].bytes?.length);
	});

	it('names base64 of more than 200 characters by its length, unless told to keep it', async () => {
		const contents = ['A'.repeat(200), `x ${'A'.repeat(201)} y`];
		const logged = async () => {
			sandbox.current.clear();
			for (const content of contents) {
				await chat(sandbox.current, { messages: [{ role: 'user', content }] });
			}
			return sandbox.current.requests.map(
				({ body }) => (body as { messages: Array<{ content: string }> }).messages[0].content,
			);
		};
		expect(await logged()).toEqual([contents[0], 'x …201 characters y']);
		sandbox.current.settings.keepBodies = true;
		expect(await logged()).toEqual(contents);
	});

	it('keeps the newest when it is bounded', async () => {
		sandbox.current.settings.maxRequests = 2;
		for (const seed of [1, 2, 3]) await chat(sandbox.current, { seed });
		expect(sandbox.current.requests.map(({ body }) => body)).toMatchObject([
			{ seed: 2 },
			{ seed: 3 },
		]);
	});

	it('is there for other processes, who can clear it too, and leaves them out', async () => {
		const control = (path: string, method = 'GET') =>
			call(sandbox.current, new URL(`/control/${path}`, sandbox.current.baseUrl).href, {
				method,
				key: '',
			});
		await chat(sandbox.current);
		const read = JSON.parse((await control('requests')).text);
		expect(read).toEqual(JSON.parse(JSON.stringify(sandbox.current.requests)));
		expect(read).toHaveLength(1);
		expect((await control('clear', 'POST')).status).toBe(204);
		expect(sandbox.current.requests).toEqual([]);
		expect((await control('requests', 'POST')).status).toBe(405);
		expect((await control('nothing')).status).toBe(404);
	});

	it('is cleared with the faults and assets', async () => {
		const { requests, assets } = sandbox.current;
		await uploadAsset(sandbox.current, await picture('png'));
		sandbox.current.fault({ status: 500 });
		sandbox.current.clear();
		expect([requests.length, assets.size]).toEqual([0, 0]);
		expect((await chat(sandbox.current)).status).toBe(200);
	});
});

describe('a sandbox', () => {
	it('ends every connection when it closes, a stalled one too, and frees its port', async () => {
		const own = await startOwn();
		own.fault({ stallAfterBytes: 5 });
		const stalled = await fetch(`${own.baseUrl}/models`);
		const slow = chat(own, { stream: true });
		own.settings.tokensPerSecond = 1;
		expect(own.openSockets).toBeGreaterThan(0);
		const failures = [expect(stalled.text()).rejects.toThrow(), slow.catch(() => undefined)];
		await own.close();
		await Promise.all(failures);
		expect(own.openSockets).toBe(0);
		const again = await startOwn({ port: Number(new URL(own.baseUrl).port) });
		expect(again.baseUrl).toBe(own.baseUrl);
	});

	it('notices a client that hangs up in mid-stream', async () => {
		const own = await startOwn({ tokensPerSecond: 5 });
		const options = {
			method: 'POST',
			agent: false,
			headers: { authorization: `Bearer ${own.apiKey}` },
		};
		// Not fetch: it opens a fresh idle connection after an abort.
		const asking = plainRequest(`${own.baseUrl}/chat/completions`, options);
		asking.end(
			JSON.stringify({
				model: MODEL,
				stream: true,
				messages: [{ role: 'user', content: 'Hello' }],
			}),
		);
		const [response] = await once(asking, 'response');
		await once(response, 'data');
		expect(own.openSockets).toBe(1);
		response.on('error', () => undefined);
		asking.destroy();
		for (let tries = 0; own.openSockets > 0 && tries < 100; tries += 1) {
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
		expect(own.openSockets).toBe(0);
	});

	it.each(['port', 'storagePort'])('does not start when its %s is taken', async (option) => {
		const blocker = createServer().listen(0, '127.0.0.1');
		await once(blocker, 'listening');
		const { port } = blocker.address() as AddressInfo;
		await expect(startSandbox({ [option]: port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
		blocker.close();
		await once(blocker, 'close');
	});

	it('takes keys of one’s own', async () => {
		const own = await startOwn({ apiKey: 'nvapi-mine', forbiddenKey: 'nvapi-not' });
		expect((await chat(own, {}, { key: 'nvapi-mine' })).status).toBe(200);
		expect((await chat(own, {}, { key: 'nvapi-not' })).status).toBe(403);
		expect((await chat(own, {}, { key: sandbox.current.apiKey })).status).toBe(401);
	});
});

describe('over HTTPS', () => {
	const secure = useSandbox({ tls });
	const models = () =>
		new Promise<{ status?: number; error?: string }>((resolve) => {
			const fail = (error: NodeJS.ErrnoException) => resolve({ error: error.message });
			request(`${secure.current.baseUrl}/models`, { ca: tls.cert, agent: false }, (response) => {
				response.on('error', fail).on('end', () => resolve({ status: response.statusCode }));
				response.resume();
			})
				.on('error', fail)
				.end();
		});

	it('both hosts answer', async () => {
		expect(secure.current.baseUrl).toMatch(/^https:/);
		expect(secure.current.storageUrl).toMatch(/^https:/);
		expect(await models()).toEqual({ status: 200 });
	});

	it.each([
		[{ reset: 'before' }, 'read ECONNRESET'],
		[{ reset: 'headers' }, 'read ECONNRESET'],
		[{ reset: 9 }, 'read ECONNRESET'],
		[{ cutAfterBytes: 9 }, 'aborted'],
	] as const)('a connection can be ended: %j', async (fault, error) => {
		secure.current.fault(fault);
		expect(await models()).toEqual({ error });
		expect(await models()).toEqual({ status: 200 });
	});
});

describe('the program', () => {
	const start = (port: number | string) => {
		const program = join(__dirname, '../../sandbox/main.ts');
		const child = spawn(process.execPath, ['--import', 'tsx', program], {
			cwd: join(__dirname, '../..'),
			env: { ...process.env, PORT: String(port) },
		});
		const output = { text: '' };
		for (const stream of [child.stdout, child.stderr]) {
			stream.on('data', (bytes: Buffer) => (output.text += bytes.toString()));
		}
		return { child, output, exit: once(child, 'exit') };
	};

	it('prints its URLs, a key and a curl line that work, and stops on Ctrl-C', async () => {
		const { child, output, exit } = start(0);
		while (!output.text.includes('curl')) await once(child.stdout, 'data');
		const [baseUrl] = /http:\S+\/v1/.exec(output.text) ?? [''];
		const [key] = /nvapi-\S+/.exec(output.text) ?? [''];
		expect(output.text).toContain(`curl ${baseUrl}/chat/completions`);
		expect(output.text).toContain('/v2/nvcf');
		const answer = await chat({ ...sandbox.current, baseUrl, apiKey: key });
		expect(answer.status).toBe(200);
		child.kill('SIGINT');
		expect(await exit).toEqual([0, null]);
	});

	it('says so when its port is taken, and exits with 1', async () => {
		const { port } = new URL(sandbox.current.baseUrl);
		const { output, exit } = start(port);
		expect(await exit).toEqual([1, null]);
		expect(output.text).toContain(`Port ${port} is taken`);
	});

	it('says so when PORT is no port', async () => {
		const { output, exit } = start('many');
		expect(await exit).toEqual([1, null]);
		expect(output.text).toContain("not 'many'");
	});
});
