import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';

import { GemmaApi } from '../../credentials/GemmaApi.credentials.js';
import { startEngine, type Engine, type EngineRun } from '../../engine';
import { Gemma } from '../../nodes/Gemma/Gemma.node.js';
import { watchMemory } from '../measure/memory';
import { watchStalls } from '../measure/stall';
import { Helper } from '../peers/helperNode';
import { langchainCredentials, langchainNodes } from '../peers/langchain';
import { FROM_LANGCHAIN } from '../peers/types';
import { credentialsFor, MEASURED, workflowOf } from '../peers/workflow';
import { taken } from './measure';
import type { EngineJob, EngineResult, Job } from './types';
import { smallPicture } from '../peers/pictures';

/** Starts n8n's engine, and runs the workflow once with one small item: the first run loads code. */
export async function engineJob(job: EngineJob): Promise<Job<EngineResult>> {
	const fromLangchain = FROM_LANGCHAIN.includes(job.peer);
	const engine = await startEngine({
		nodes: {
			'n8n-nodes-gemma.gemma': new Gemma(),
			'bench.helper': new Helper(),
			...(fromLangchain && langchainNodes()),
		},
		credentialTypes: { gemmaApi: new GemmaApi(), ...(fromLangchain && langchainCredentials()) },
		// As a server keeps them.
		binaryMode: 'filesystem',
	});
	const files = await Promise.all((job.pictures ?? []).map((file) => stored(engine, file)));
	const input = Array.from({ length: job.items }, (_, number) => item(number, files));
	const small = job.settings.pictures
		? [await engine.binary(await smallPicture(), 'small.jpg', 'image/jpeg')]
		: [];
	const execute = async (items: INodeExecutionData[]) =>
		await engine.run(workflowOf(job.peer, job.url, job.settings), {
			credentials: credentialsFor(job.url),
			input: items,
			mode: 'webhook',
		});
	const first = await execute([item(0, small)]);
	if (answered(first) !== 1) throw new Error(`${job.peer}: ${errorOf(first) ?? 'no answer'}`);
	return {
		run: async () => await measured(async () => await execute(input)),
		close: async () => await engine.close(),
	};
}

const stored = async (engine: Engine, file: string) =>
	await engine.binary(await readFile(file), basename(file), 'image/jpeg');

const item = (number: number, files: IBinaryData[]): INodeExecutionData => ({
	json: { number },
	...(files.length > 0 && { binary: { data: files[number % files.length] } }),
});

async function measured(execute: () => Promise<EngineRun>): Promise<EngineResult> {
	const memory = watchMemory();
	const stalls = watchStalls();
	const startedAt = performance.timeOrigin + performance.now();
	let run: EngineRun | undefined;
	const spent = await taken(async () => {
		run = await execute();
	});
	const growthMb = memory();
	const error = run && errorOf(run);
	return {
		...spent,
		startedAt,
		succeeded: run ? answered(run) : 0,
		stallMs: await stalls(),
		growthMb,
		...(error && { error }),
	};
}

const answered = (run: EngineRun) => run.items(MEASURED).filter(({ json }) => !json.error).length;

const errorOf = (run: EngineRun) => (run.nodeError(MEASURED) ?? run.error)?.message;
