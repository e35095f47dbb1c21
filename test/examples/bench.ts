import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
} from 'n8n-workflow';

import type { EngineRun, RunOptions, WorkflowData } from '../../engine';
import { Gemma } from '../../nodes/Gemma/Gemma.node';
import { GEMMA_TYPE, openGemma, type GemmaBench } from '../support/gemmaWorkflow';

const folder = path.join(__dirname, '..', '..', 'examples');

export type Example = WorkflowData & { name: string };

export const exampleFiles = (): string[] =>
	readdirSync(folder).filter((name) => name.endsWith('.json'));

export const readExample = (file: string): Example =>
	JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Example;

export const examplePicture = (name: string): Buffer => readFileSync(path.join(folder, name));

export interface ExampleOptions extends Omit<RunOptions, 'credentials'> {
	/** What nodes give out instead of running. */
	pinned?: Record<string, INodeExecutionData[]>;
}

export interface ExampleBench extends GemmaBench {
	/** Runs an example as it is shipped; `edit` changes a node as its user would. */
	runExample(
		file: string,
		options?: ExampleOptions,
		edit?: Record<string, object>,
	): Promise<EngineRun>;
	/** An upload of this file under a form's field. */
	upload(field: string, ...files: string[]): Promise<INodeExecutionData>;
	/** The next replies of the model, one request each. */
	replies(...texts: string[]): void;
}

/**
 * Runs the examples in n8n's engine against the sandbox. What reaches outside is a stand-in that
 * gives out what it was told to do; n8n's chat nodes are no part of the engine's packages.
 */
export async function openExamples(): Promise<ExampleBench> {
	const gemma = await openGemma({
		engine: {
			nodes: {
				[GEMMA_TYPE]: new Gemma(),
				'n8n-nodes-base.emailSend': standIn('fromEmail', 'toEmail', 'subject', 'text'),
				'n8n-nodes-base.dataTable': standIn('dataTableId', 'columns'),
				'n8n-nodes-base.formTrigger': trigger(),
				'n8n-nodes-base.emailReadImap': trigger(),
				'@n8n/n8n-nodes-langchain.chatTrigger': trigger(),
				'@n8n/n8n-nodes-langchain.memoryManager': standIn('mode', 'messages'),
				'@n8n/n8n-nodes-langchain.memoryBufferWindow': standIn('sessionKey'),
			},
		},
	});
	return {
		...gemma,
		runExample: async (file, { pinned, ...options } = {}, edit = {}) => {
			const workflow = readExample(file);
			const nodes = workflow.nodes.map((node) => ({ ...node, ...edit[node.name] }));
			return await gemma.engine.run(
				{ ...workflow, nodes, pinData: { ...workflow.pinData, ...pinned } },
				{ ...options, credentials: { gemmaApi: gemma.credential } },
			);
		},
		upload: async (field, ...files) => {
			const binary: INodeExecutionData['binary'] = {};
			for (const [index, file] of files.entries()) {
				const name = files.length > 1 ? `${field}_${index}` : field;
				const fileName = path.basename(file);
				const type = fileName.endsWith('.png') ? 'image/png' : 'image/jpeg';
				binary[name] = await gemma.engine.binary(examplePicture(file), fileName, type);
			}
			return { json: {}, binary };
		},
		replies: (...texts) =>
			gemma.sandbox.fault(
				...texts.map((content) => ({
					match: { path: '/v1/chat' },
					body: {
						id: 'x',
						model: 'google/gemma-3-27b-it',
						choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
						usage: { prompt_tokens: 5000, completion_tokens: 5, total_tokens: 5005 },
					},
				})),
			),
	};
}

const described = (group: 'trigger' | 'transform', names: string[]): INodeType => ({
	description: {
		displayName: 'Stand-In',
		name: 'standIn',
		group: [group],
		version: [1, 1.1, 1.3, 1.4, 2, 2.1, 2.2],
		description: '',
		defaults: { name: 'Stand-In' },
		inputs: group === 'trigger' ? [] : [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: names.map((name) => ({ displayName: name, name, type: 'json', default: '' })),
	},
});

const trigger = (): INodeType => ({
	...described('trigger', []),
	trigger: async () => await Promise.resolve({}),
});

/** Gives out the named parameters under `told`, beside what it was given. */
const standIn = (...names: string[]): INodeType => ({
	...described('transform', names),
	async execute(this: IExecuteFunctions) {
		const items = this.getInputData().map(({ json }, item) => ({
			json: {
				given: json,
				told: Object.fromEntries(names.map((name) => [name, this.getNodeParameter(name, item)])),
			},
			pairedItem: { item },
		}));
		return await Promise.resolve([items]);
	},
});
