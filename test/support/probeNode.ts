import { text as readText } from 'node:stream/consumers';
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';

const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
let tries = 0;

/** What the node can be told to do, each to show that one thing of the engine arrives in it. */
const actions: Record<
	string,
	(this: IExecuteFunctions, item: INodeExecutionData, index: number) => Promise<unknown>
> = {
	async echo(_item, index) {
		return { text: this.getNodeParameter('text', index) };
	},
	async mode() {
		return { text: this.getMode() };
	},
	async failOnB({ json }) {
		if (json.name === 'b') throw new NodeOperationError(this.getNode(), 'b is bad');
		return { text: json.name };
	},
	async failTwice() {
		if (++tries < 3) throw new NodeOperationError(this.getNode(), `try ${tries}`);
		return { text: `worked at try ${tries}` };
	},
	async hint() {
		this.addExecutionHints({ message: 'a hint' });
		return {};
	},
	async waitForCancel() {
		const signal = this.getExecutionCancelSignal();
		await new Promise<void>((resolve) => {
			const timer = setTimeout(resolve, 5000);
			const stop = () => {
				clearTimeout(timer);
				resolve();
			};
			if (signal?.aborted) stop();
			signal?.addEventListener('abort', stop);
		});
		return {};
	},
	async stream(_item, index) {
		if (!this.isStreaming()) return { text: false };
		this.sendChunk('begin', index);
		this.sendChunk('item', index, 'word');
		this.sendChunk('end', index);
		return { text: true };
	},
	async egress() {
		const filter = this.helpers.getSecureEgressFilter();
		return { text: (await filter.validateUrl('http://127.0.0.1:9/')).ok };
	},
	async credentials(_item, index) {
		return await this.getCredentials('probeApi', index);
	},
	async readBinary(_item, index) {
		const { id, mimeType } = this.helpers.assertBinaryData(index, 'data');
		const buffer = await this.helpers.getBinaryDataBuffer(index, 'data');
		const stream = id ? await readText(await this.helpers.getBinaryStream(id)) : null;
		return { buffer: buffer.toString(), stream, mimeType };
	},
};

const action: INodeTypeDescription['properties'][number] = {
	displayName: 'Action',
	name: 'action',
	type: 'string',
	default: 'echo',
};

/** A node that shows what the engine gives it. */
export class Probe implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: 'Shows what the engine gives it',
		defaults: { name: 'Probe' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'probeApi', testedBy: 'keyTest' }],
		properties: [action, { displayName: 'Text', name: 'text', type: 'string', default: '' }],
	};

	methods: INodeType['methods'] = {
		listSearch: {
			async find(filter, paginationToken) {
				const { apiKey, place } = await this.getCredentials('probeApi');
				const chosen = this.getCurrentNodeParameter('action');
				return {
					results: [
						{ name: `${apiKey} ${chosen} ${filter} ${paginationToken}`, value: `${place}` },
					],
				};
			},
		},
		loadOptions: {
			async choices() {
				const { apiKey } = await this.getCredentials('probeApi');
				return [{ name: `${apiKey}`, value: `${apiKey}` }];
			},
		},
		credentialTest: {
			async keyTest({ data }) {
				const { request } = this.helpers;
				await request({ uri: data?.place, headers: { 'x-key': data?.apiKey } });
				return { status: 'OK', message: 'here' };
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const output: INodeExecutionData[] = [];
		for (const [index, item] of this.getInputData().entries()) {
			const pairedItem = { item: index };
			const chosen = this.getNodeParameter('action', index) as string;
			if (chosen === 'prepareBinary') {
				const data = await this.helpers.prepareBinaryData(gif);
				output.push({ json: {}, binary: { data }, pairedItem });
				continue;
			}
			try {
				const json = (await actions[chosen].call(this, item, index)) as IDataObject;
				output.push({ json, pairedItem });
			} catch (error) {
				if (!this.continueOnFail()) throw keep(error);
				output.push({ json: { error: (error as Error).message }, pairedItem });
			}
		}
		return [output];
	}
}

const keep = (error: unknown) => error;

interface Tool {
	invoke(input: IDataObject): Promise<unknown>;
}

/** Asks the tools connected to it the same question, as a model would. */
export class Agent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Agent',
		name: 'agent',
		group: ['transform'],
		version: 1,
		description: 'Calls its tools',
		usableAsTool: true,
		defaults: { name: 'Agent' },
		inputs: [NodeConnectionTypes.Main, NodeConnectionTypes.AiTool],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const tools = (await this.getInputConnectionData(NodeConnectionTypes.AiTool, 0)) as Tool[];
		const answers = await Promise.all(
			tools.map(async (tool) => await tool.invoke({ question: 'from the agent' })),
		);
		return [[{ json: { answers: JSON.parse(JSON.stringify(answers)) } }]];
	}
}
