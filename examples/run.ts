/**
 * The main job: runs the example workflows through n8n's own engine, with the built node, and
 * shows what came out.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { INodeExecutionData } from 'n8n-workflow';

import { startEngine, type Engine, type EngineRun, type WorkflowData } from '../engine';
import { openTarget, type Target } from './target';

const folder = __dirname;
/** The built files, as n8n loads them; their sources could be newer or broken. */
const built = createRequire(path.join(folder, '..', 'dist', 'nodes'));
const { Gemma } = built('./nodes/Gemma/Gemma.node.js');
const { GemmaApi } = built('./credentials/GemmaApi.credentials.js');
const GEMMA_TYPE = 'n8n-nodes-gemma.gemma';

async function main(): Promise<boolean> {
	const target = await openTarget(process.env);
	const engine = await startEngine({
		nodes: { [GEMMA_TYPE]: new Gemma() },
		credentialTypes: { gemmaApi: new GemmaApi() },
		binaryMode: 'filesystem',
	});
	try {
		console.log(`Gemma for n8n, asking ${target.name}\n`);
		const photo = readFileSync(path.join(folder, 'photo.jpg'));
		const upload: INodeExecutionData = {
			json: { Question: '' },
			binary: { Photo: await engine.binary(photo, 'photo.jpg', 'image/jpeg') },
		};
		const succeeded = [
			await show(
				engine,
				target,
				'describe-photo.json',
				[upload],
				`examples/photo.jpg, ${megabytes(photo)}`,
			),
			await show(engine, target, 'morning-summary.json', undefined, 'three entries of a feed', {
				"The night's news": NEWS.map((json) => ({ json })),
			}),
		].every(Boolean);
		if (target.isSandbox) console.log(WITH_A_MODEL);
		return succeeded;
	} finally {
		await engine.close();
		await target.close();
	}
}

/** Stands in for the feed, which is out in the internet. */
const NEWS = [
	{
		title: 'Harbour bridge closed until Friday',
		contentSnippet:
			'A barge struck a pillar at 2:40. Divers found no cracks; engineers want two more days of measuring.',
	},
	{
		title: 'Frost until the weekend',
		contentSnippet: 'Minus six tonight in the valleys. Wine growers lit fires between the rows.',
	},
	{
		title: 'Night buses free in December',
		contentSnippet:
			'The council voted 31 to 28. The transit company expects 9,000 riders more a night.',
	},
];

const WITH_A_MODEL = `With a model:  NVIDIA_API_KEY=nvapi-… npm start            (a key from build.nvidia.com)
Your server:   GEMMA_BASE_URL=http://localhost:11434/v1 GEMMA_MODEL=gemma3:4b npm start`;

/** Runs one workflow and prints its reply. @returns whether it succeeded. */
async function show(
	engine: Engine,
	target: Target,
	file: string,
	input?: INodeExecutionData[],
	note?: string,
	pinned: Record<string, INodeExecutionData[]> = {},
): Promise<boolean> {
	const workflow = readWorkflow(file, target.model);
	const started = performance.now();
	const run = await engine.run(
		{ ...workflow, pinData: { ...workflow.pinData, ...pinned } },
		{
			credentials: { gemmaApi: target.credential },
			...(input && { input }),
		},
	);
	const seconds = ((performance.now() - started) / 1000).toFixed(1);
	console.log(`── ${workflow.name}  (examples/${file})`);
	console.log(`   ${steps(workflow).join(' → ')}${note ? `, with ${note}` : ''}\n`);
	console.log(indent(reply(run)));
	console.log(`\n   ${run.status} in ${seconds} s${usage(run)}\n`);
	return run.status === 'success';
}

function readWorkflow(file: string, model: string | undefined): WorkflowData & { name: string } {
	const workflow = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as WorkflowData & {
		name: string;
	};
	for (const { type, parameters } of workflow.nodes) {
		if (type === GEMMA_TYPE && model) parameters.modelId = { __rl: true, mode: 'id', value: model };
	}
	return workflow;
}

const steps = ({ nodes }: WorkflowData) =>
	nodes
		.filter(({ type, disabled }) => !type.endsWith('.stickyNote') && !disabled)
		.map(({ name }) => name);

function reply(run: EngineRun): string {
	const failure = run.error ?? run.nodeError('Gemma');
	if (failure) return [failure.message, failure.description].filter(Boolean).join('\n');
	return run
		.items('Gemma')
		.map(({ json }) => String(json.text))
		.join('\n\n');
}

function usage(run: EngineRun): string {
	const tokens = run.items('Gemma')[0]?.json.usage as { totalTokens: number } | undefined;
	const model = run.items('Gemma')[0]?.json.model;
	return [model && `, ${String(model)}`, tokens && `, ${tokens.totalTokens} tokens`]
		.filter(Boolean)
		.join('');
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '   │ ');

const megabytes = (bytes: Buffer) => `${(bytes.length / 1e6).toFixed(1)} MB`;

main().then(
	(succeeded) => {
		process.exitCode = succeeded ? 0 : 1;
	},
	(error: unknown) => {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	},
);
