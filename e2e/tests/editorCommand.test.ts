import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';

import { eventually } from '../harness/eventually';
import { environmentOf, installN8n } from '../harness/install';
import { root } from '../harness/paths';
import { startProgram, type Program } from '../harness/program';
import { Rest } from '../harness/rest';
import { temporaryFolder } from '../harness/temporary';
import { oldestN8n } from '../harness/versions';

const START_MS = 180_000;

const examples = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.json'));

let occupant: Server;
let taken: number;
let data: string;

beforeAll(async () => {
	await installN8n(oldestN8n);
	data = temporaryFolder('editor');
	occupant = createServer().listen(0, '127.0.0.1');
	await once(occupant, 'listening');
	taken = (occupant.address() as AddressInfo).port;
});

afterAll(() => occupant.close());

function startEditor(): Program {
	// With one of these it would ask a real server.
	const sandbox = { NVIDIA_API_KEY: '', GEMMA_BASE_URL: '' };
	return startProgram(process.execPath, [join(root, 'editor/main.mjs')], {
		cwd: root,
		env: { ...environmentOf(oldestN8n), ...sandbox, PORT: String(taken), EDITOR_DATA: data },
	});
}

/** @returns the port that it names. */
async function ready(editor: Program): Promise<number> {
	return await eventually(
		'the editor names its address',
		() => {
			if (!editor.isRunning()) throw new Error(editor.output());
			const port = /http:\/\/localhost:(\d+)[^]*Ctrl-C/.exec(editor.output())?.[1];
			return port === undefined ? undefined : Number(port);
		},
		{ withinMs: START_MS },
	);
}

/** The names of the workflows and credentials in it. */
async function contents(port: number): Promise<{ workflows: string[]; credentials: string[] }> {
	const rest = new Rest(`http://127.0.0.1:${port}`);
	await rest.signIn();
	const names = async (path: string) =>
		(await rest.call<Array<{ name: string }>>('GET', path)).map(({ name }) => name).sort();
	return {
		workflows: await names('/rest/workflows'),
		credentials: await names('/rest/credentials'),
	};
}

it('starts beside what has its port, with the examples in it; again with the same ones', async () => {
	const first = startEditor();
	const port = await ready(first);
	expect(first.output()).toContain(`Port ${taken} is taken`);
	const before = await contents(port);
	expect(before.workflows).toHaveLength(examples.length);
	expect(before.credentials).toEqual(['Gemma account']);

	const second = startEditor();
	expect(await second.exit).toBe(1);
	expect(second.output()).toContain(`It is running already, as process ${first.pid}`);

	await first.stop();
	expect(await first.exit).toBe(0);
	await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');

	const again = startEditor();
	expect(await contents(await ready(again))).toEqual(before);
	expect(again.output()).not.toContain('installing');
	await again.stop();
});
