import type { IConnections, INode, INodeParameters } from 'n8n-workflow';

import type { CredentialValues, WorkflowData } from '../../engine';
import type { Peer, PeerSettings } from './types';

/** The node whose items are looked at. */
export const MEASURED = 'Measured';

const MODEL = 'google/gemma-3-27b-it';
const QUESTION = 'What is in item {{ $json.number }}?';
const modelId = { __rl: true, mode: 'id', value: MODEL };
const body = `={{ { model: '${MODEL}', max_tokens: 512, messages: [{ role: 'user', content: 'What is in item ' + $json.number + '?' }] } }}`;

const node = (name: string, type: string, typeVersion: number, more: Partial<INode>): INode => ({
	...{ id: name, name, type, typeVersion, position: [0, 0], parameters: {} },
	...more,
});
const to = (name: string, type: 'main' | 'ai_languageModel') => ({
	[type]: [[{ node: name, type, index: 0 }]],
});
const account = (type: string) => ({ [type]: { id: '1', name: 'Account' } });

interface PeerNode {
	type: string;
	typeVersion: number;
	credential?: string;
	parameters(url: string, pictures: boolean): INodeParameters;
}

/** Every peer as a user would set it: the same question, and whatever else is the default. */
const NODES: Record<Peer, PeerNode> = {
	gemma: {
		type: 'n8n-nodes-gemma.gemma',
		typeVersion: 1,
		credential: 'gemmaApi',
		parameters: (_, pictures) =>
			pictures
				? { resource: 'image', operation: 'analyze', modelId, text: `=${QUESTION}` }
				: { modelId, messages: { values: [{ role: 'user', content: `=${QUESTION}` }] } },
	},
	httpRequest: {
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		credential: 'gemmaApi',
		parameters: (url) => ({
			method: 'POST',
			url: `${url}/chat/completions`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'gemmaApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: body,
		}),
	},
	moonshot: {
		type: '@n8n/n8n-nodes-langchain.moonshot',
		typeVersion: 1,
		credential: 'moonshotApi',
		parameters: (_, pictures) =>
			pictures
				? { resource: 'image', operation: 'analyze', modelId, text: `=${QUESTION}` }
				: {
						resource: 'text',
						operation: 'message',
						modelId,
						messages: { values: [{ role: 'user', content: `=${QUESTION}` }] },
					},
	},
	chain: {
		type: '@n8n/n8n-nodes-langchain.chainLlm',
		typeVersion: 1.9,
		parameters: (_, pictures) => ({
			promptType: 'define',
			text: `=${QUESTION}`,
			...(pictures && {
				messages: {
					messageValues: [
						{
							type: 'HumanMessagePromptTemplate',
							messageType: 'imageBinary',
							binaryImageDataKey: 'data',
						},
					],
				},
			}),
		}),
	},
	helper: {
		type: 'bench.helper',
		typeVersion: 1,
		credential: 'gemmaApi',
		parameters: (url) => ({ url: `${url}/chat/completions`, body }),
	},
};

/** A trigger, the peer's node, and what it needs beside it. */
export function workflowOf(peer: Peer, url: string, settings: PeerSettings): WorkflowData {
	const { type, typeVersion, credential, parameters } = NODES[peer];
	const connections: IConnections = { Start: to(MEASURED, 'main') };
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node(MEASURED, type, typeVersion, {
			...(credential && { credentials: account(credential) }),
			...settings.node,
			parameters: { ...parameters(url, settings.pictures ?? false), ...settings.parameters },
		}),
	];
	if (peer === 'chain') {
		const options = { baseURL: url };
		nodes.push(
			node('Model', '@n8n/n8n-nodes-langchain.lmChatOpenAi', 1.3, {
				credentials: account('openAiApi'),
				parameters: { model: modelId, responsesApiEnabled: false, options },
			}),
		);
		connections.Model = to(MEASURED, 'ai_languageModel');
	}
	return { nodes, connections };
}

/** For a server that looks at no key; the form of NVIDIA's keys all the same. */
export const credentialsFor = (url: string): CredentialValues => ({
	gemmaApi: { server: 'nvidia', apiKey: 'nvapi-bench', baseUrl: url, nvcfUrl: url },
	moonshotApi: { apiKey: 'bench', url },
	openAiApi: { apiKey: 'bench', url },
});
