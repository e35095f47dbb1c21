import type {
	IBinaryKeyData,
	ICredentialDataDecryptedObject,
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	NodeExecutionHint,
} from 'n8n-workflow';

import { GemmaApi } from '../../credentials/GemmaApi.credentials';
import {
	startEngine,
	type Engine,
	type EngineOptions,
	type EngineRun,
	type RunOptions,
	type WorkflowData,
} from '../../engine';
import { Gemma } from '../../nodes/Gemma/Gemma.node';
import type { ChatRequest, ImagePart } from '../../nodes/Gemma/transport/api';
import { startSandbox, type LoggedRequest, type Sandbox, type SandboxOptions } from '../../sandbox';

export const GEMMA_TYPE = 'n8n-nodes-gemma.gemma';

const CHAT_PATH = '/v1/chat/completions';

/** What a person sees of an error in the editor. */
export interface ShownError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context: { itemIndex?: number };
}

/** One run of the node, as its panel in the editor shows it. */
export interface GemmaRun {
	status: EngineRun['status'];
	items: INodeExecutionData[];
	/** The JSON of each item. */
	json: IDataObject[];
	/** The second output, of `continueErrorOutput`. */
	failed: INodeExecutionData[];
	/** Warnings. */
	hints: string[];
	/** What the run has cost, where it was of several items. */
	totals: string[];
	error?: ShownError;
	/** Everything n8n would save of the execution. */
	whole: EngineRun;
}

export interface GemmaRunOptions extends Omit<RunOptions, 'credentials'> {
	/** Settings of the node besides its parameters: `onError`, `retryOnFail`… */
	node?: Partial<INode>;
	/** Replaces fields of the sandbox's credential. */
	credential?: ICredentialDataDecryptedObject;
}

export interface GemmaBench {
	engine: Engine;
	sandbox: Sandbox;
	/** The credential that fits the sandbox. */
	credential: ICredentialDataDecryptedObject;
	run(parameters: INodeParameters, options?: GemmaRunOptions): Promise<GemmaRun>;
	/** Chat requests so far, and their bodies. */
	chats(): LoggedRequest[];
	bodies(): ChatRequest[];
	/** Every request as `METHOD path status`, ids left out. */
	log(): string[];
	/** An item with these bytes in binary fields named after the files up to the dot. */
	item(files: Record<string, Buffer>, json?: IDataObject): Promise<INodeExecutionData>;
	/** Forgets requests, faults and assets, and puts the settings back. */
	reset(): void;
	close(): Promise<void>;
}

/** A trigger and a Gemma node behind it. */
export function gemmaWorkflow(
	parameters: INodeParameters,
	rest: Partial<INode> = {},
): WorkflowData {
	const trigger: INode = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const gemma: INode = {
		id: 'gemma',
		name: 'Gemma',
		type: GEMMA_TYPE,
		typeVersion: 1,
		position: [200, 0],
		credentials: { gemmaApi: { id: '1', name: 'Gemma account' } },
		...rest,
		parameters,
	};
	return {
		nodes: [trigger, gemma],
		connections: { Start: { main: [[{ node: 'Gemma', type: 'main', index: 0 }]] } },
	};
}

/** Parameters of Message a Model with one user message. */
export const message = (content: string, more: INodeParameters = {}): INodeParameters => ({
	messages: { values: [{ role: 'user', content }] },
	...more,
});

/** Parameters of Analyze Image. */
export const analyze = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'image',
	operation: 'analyze',
	text: 'What is this?',
	...more,
});

export const byId = (value: string): INodeParameters => ({
	modelId: { __rl: true, mode: 'id', value },
});

/** Items without binary data. */
export const items = (...json: IDataObject[]): INodeExecutionData[] =>
	json.map((fields) => ({ json: fields }));

/** The inline pictures of a chat request, decoded; needs the sandbox's setting `keepBodies`. */
export function picturesIn({ messages }: ChatRequest): Buffer[] {
	const parts = messages.flatMap(({ content }) => (typeof content === 'string' ? [] : content));
	return parts
		.filter((part): part is ImagePart => part.type === 'image_url')
		.map(({ image_url: { url } }) => Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
}

/** Everything a run leaves behind, stacks and causes included, as one text to search in. */
export function everythingOf({ whole }: GemmaRun): string {
	const seen = new Set<unknown>();
	return JSON.stringify(whole.data, (_, value: unknown) => {
		if (typeof value !== 'object' || value === null) return value;
		if (seen.has(value)) return undefined;
		seen.add(value);
		if (!(value instanceof Error)) return value;
		const own = Object.getOwnPropertyNames(value);
		return Object.fromEntries(own.map((name) => [name, value[name as keyof Error]]));
	});
}

/** n8n's engine with the real node, and the sandbox as its server. */
export async function openGemma(
	options: { sandbox?: SandboxOptions; engine?: Partial<EngineOptions> } = {},
): Promise<GemmaBench> {
	const sandbox = await startSandbox(options.sandbox);
	const engine = await startEngine({
		nodes: { [GEMMA_TYPE]: new Gemma() },
		credentialTypes: { gemmaApi: new GemmaApi() },
		...options.engine,
	});
	const settings = { ...sandbox.settings };
	const { apiKey, baseUrl, nvcfUrl } = sandbox;
	const credential = { server: 'nvidia', apiKey, baseUrl, nvcfUrl };
	const chats = () => sandbox.requests.filter(({ path }) => path === CHAT_PATH);
	return {
		engine,
		sandbox,
		credential,
		chats,
		bodies: () => chats().map(({ body }) => body as ChatRequest),
		log: () =>
			sandbox.requests.map(
				({ method, path, status }) =>
					`${method} ${path.replace(/\?.*$/, '').replace(/[\da-f-]{36}/, '{id}')} ${status}`,
			),
		run: async (parameters, { node, credential: own, ...rest } = {}) =>
			shown(
				await engine.run(gemmaWorkflow(parameters, node), {
					...rest,
					credentials: { gemmaApi: { ...credential, ...own } },
				}),
			),
		item: async (files, json = {}) => {
			const binary: IBinaryKeyData = {};
			for (const [fileName, bytes] of Object.entries(files)) {
				const type = fileName.split('.').at(-1) ?? '';
				binary[fileName.replace(/\..*$/, '')] = await engine.binary(
					bytes,
					fileName,
					`image/${type}`,
				);
			}
			return { json, binary };
		},
		reset: () => {
			sandbox.clear();
			Object.assign(sandbox.settings, settings);
		},
		close: async () => {
			await engine.close();
			await sandbox.close();
		},
	};
}

function shown(run: EngineRun): GemmaRun {
	const out = run.items('Gemma');
	return {
		status: run.status,
		items: out,
		json: out.map(({ json }) => json),
		failed: run.items('Gemma', 1),
		hints: messagesOf(run, 'warning'),
		totals: messagesOf(run, 'info'),
		error: (run.nodeError('Gemma') ?? run.error) as ShownError | undefined,
		whole: run,
	};
}

const messagesOf = (run: EngineRun, type: NodeExecutionHint['type']): string[] =>
	run
		.hints('Gemma')
		.filter((hint) => hint.type === type)
		.map((hint) => hint.message);
