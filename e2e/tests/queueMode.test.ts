import { randomUUID } from 'node:crypto';

import { startSandbox, type Sandbox } from '../../sandbox';
import { solid } from '../../test/support/pictures';
import { eventually } from '../harness/eventually';
import { postPictures } from '../harness/forms';
import { installN8n, installTools } from '../harness/install';
import { installPackage } from '../harness/package';
import type { Program } from '../harness/program';
import { Rest } from '../harness/rest';
import { startN8n, startWorker, type N8nServer } from '../harness/server';
import { startPostgres, startRedis, type Service } from '../harness/services';
import { temporaryFolder } from '../harness/temporary';
import { currentN8n as version } from '../harness/versions';
import { webhookWorkflow } from '../harness/webhook';
import { executionsOf, publish, saveWorkflow, type SavedWorkflow } from '../harness/workflows';

const CALLS = 200;
const AT_ONCE = 20;
/** One worker is killed when so many calls are answered. */
const KILLED_AFTER = 80;
/** Of a worker of the tests; what is in its hands when it is killed. */
const CONCURRENCY = 5;

/** n8n finds out sooner than after half a minute that a worker is gone. */
const IMPATIENT = {
	QUEUE_WORKER_LOCK_DURATION: '5000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

let services: Service[] = [];
let sandbox: Sandbox;
let main: N8nServer;
let workers: Program[] = [];
let rest: Rest;
let workflow: SavedWorkflow;
let url: string;
beforeAll(async () => {
	await installTools();
	await installN8n(version);
	const [postgres, redis] = (services = [await startPostgres(), await startRedis()]);
	sandbox = await startSandbox({ firstTokenMs: 300 });
	const env = {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomUUID(),
		N8N_DEFAULT_BINARY_DATA_MODE: 'database',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: 'postgres',
		DB_POSTGRESDB_DATABASE: 'postgres',
		...IMPATIENT,
	};
	// As on machines of their own: each has a folder and installs the package itself.
	const started = async <Started>(start: (userFolder: string) => Promise<Started>) => {
		const userFolder = temporaryFolder('queue');
		await installPackage(userFolder);
		return await start(userFolder);
	};
	main = await started(async (userFolder) => await startN8n({ version, userFolder, env }));
	for (let number = 0; number < 2; number++) {
		workers.push(await started(async (userFolder) => startWorker({ version, userFolder, env })));
	}
	rest = new Rest(main.url);
	await rest.signIn();
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	const values = { server: 'nvidia', apiKey, baseUrl, nvcfUrl };
	const credentialId = await rest.createCredential('Gemma account', values);
	const made = webhookWorkflow(credentialId, { options: { imageTransfer: 'asset' } });
	workflow = await saveWorkflow(rest, made.workflow);
	await publish(rest, workflow);
	url = `${main.url}/webhook/${made.path}`;
}, 600_000);
afterAll(async () => {
	for (const program of [...workers, main]) await program?.stop();
	for (const service of services) await service.stop();
	await sandbox?.close();
	[services, workers] = [[], []];
});

it(`answers ${CALLS} calls with pictures through two workers, one of which is killed`, async () => {
	const picture = await solid('jpeg', 64, 48, 'green');
	const answers: Array<{ status: number; json: { text?: string } }> = [];
	let next = 0;
	let answered = 0;
	const caller = async () => {
		for (let call = next++; call < CALLS; call = next++) {
			answers[call] = await postPictures(url, [picture], { question: `This is call ${call}.` });
			if (++answered === KILLED_AFTER) await workers[1].kill();
		}
	};
	await Promise.all(Array.from({ length: AT_ONCE }, caller));

	const failed = answers.filter(({ status }) => status !== 200);
	for (const [call, { status, json }] of answers.entries()) {
		const own = new RegExp(`This is call ${call}\\.`, 'g');
		if (status === 200) expect(String(json.text).match(own)).toHaveLength(1);
		// What was in the hands of the killed worker may end with an error, and then with words.
		else expect(JSON.stringify(json)).toMatch(/message/);
	}
	expect(failed.length).toBeLessThanOrEqual(CONCURRENCY);
	// No call was asked twice, not even one that the killed worker had begun.
	for (const [call, times] of requestsByCall().entries()) {
		if (answers[call].status === 200) expect([call, times]).toEqual([call, 1]);
		else expect(times).toBeLessThanOrEqual(1);
	}
	const list = async (...statuses: string[]) => await executionsOf(rest, workflow, statuses);
	expect(await list('new', 'running', 'waiting')).toEqual([]);
	expect(await list('error', 'crashed')).toHaveLength(failed.length);

	const shares = workers.map((worker) => executionsIn(worker.output()));
	expect(Math.min(...shares)).toBeGreaterThan(KILLED_AFTER / 4);
	const left = await eventually('assets are deleted', () => {
		const { size } = sandbox.assets;
		return size <= CONCURRENCY && { size };
	});
	console.log(
		`${CALLS - failed.length} answered, ${failed.length} failed with words; ` +
			`the workers began ${shares.join(' and ')} executions, and ${sandbox.requests.filter(({ path }) => path.startsWith('/v1/chat')).length} requests went out; ` +
			`${left.size} assets of the killed worker were left for NVIDIA's 24 hours.`,
	);
}, 300_000);

/** How many chat requests came for each call. */
function requestsByCall(): number[] {
	const counts = Array.from({ length: CALLS }, () => 0);
	for (const { path, body } of sandbox.requests) {
		const call = /This is call (\d+)\./.exec(JSON.stringify(body) ?? '')?.[1];
		if (path.startsWith('/v1/chat') && call) counts[Number(call)] += 1;
	}
	return counts;
}

const executionsIn = (output: string): number =>
	new Set(output.match(/started execution \d+/gi)).size;
