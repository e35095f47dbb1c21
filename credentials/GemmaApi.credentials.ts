import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

import {
	connect,
	NVIDIA_BASE_URL,
	NVIDIA_NVCF_URL,
	OLLAMA_BASE_URL,
	type GemmaCredential,
} from '../nodes/Gemma/transport/connection';

const onNvidia = { show: { server: ['nvidia'] } };
const onOwnServer = { show: { server: ['openAiCompatible'] } };
const withHeader = { show: { header: [true] } };

/** Neither is a secret: a certificate is what a server shows to everyone. */
const TLS_FIELDS: INodeProperties[] = [
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description: 'Whether to connect even if the certificate of the server cannot be validated',
	},
	{
		displayName: 'CA Certificate',
		name: 'caCertificate',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description: 'Certificate (PEM) of a private authority, trusted in addition to the usual ones',
	},
];

/** The value is a secret whatever its name. */
const HEADER_FIELDS: INodeProperties[] = [
	{
		displayName: 'Add Custom Header',
		name: 'header',
		type: 'boolean',
		default: false,
		description: 'Whether to send one extra header with every call to the Base URL',
	},
	{
		displayName: 'Header Name',
		name: 'headerName',
		type: 'string',
		default: '',
		placeholder: 'e.g. X-Gateway-Token',
		displayOptions: withHeader,
	},
	{
		displayName: 'Header Value',
		name: 'headerValue',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		displayOptions: withHeader,
	},
];

export class GemmaApi implements ICredentialType {
	name = 'gemmaApi';

	displayName = 'Gemma API';

	icon: Icon = {
		light: 'file:../nodes/Gemma/gemma.svg',
		dark: 'file:../nodes/Gemma/gemma.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-gemma/n8n-nodes-gemma#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Server',
			name: 'server',
			type: 'options',
			default: 'nvidia',
			options: [
				{
					name: "NVIDIA's Hosted API",
					value: 'nvidia',
					description: 'Needs a key from build.nvidia.com',
				},
				{
					name: 'OpenAI-Compatible',
					value: 'openAiCompatible',
					description: 'NIM container, vLLM, Ollama, llama.cpp, LM Studio, OpenRouter and the like',
				},
			],
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			placeholder: 'e.g. nvapi-…',
			description: "Required for NVIDIA's API; for a server of your own only if it asks for one",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: NVIDIA_BASE_URL,
			description: "Root of NVIDIA's chat API",
			displayOptions: onNvidia,
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: OLLAMA_BASE_URL,
			placeholder: 'e.g. http://host.docker.internal:11434/v1',
			description:
				'Root of the chat API, usually ending in /v1. When n8n runs in Docker, localhost is the container: use host.docker.internal instead.',
			displayOptions: onOwnServer,
		},
		{
			displayName: 'NVCF URL',
			name: 'nvcfUrl',
			type: 'string',
			default: NVIDIA_NVCF_URL,
			description: "NVIDIA's address for uploads and delayed replies; rarely needs changing",
			displayOptions: onNvidia,
		},
		...TLS_FIELDS,
		...HEADER_FIELDS,
	];

	/** For the HTTP Request node. A function, because a template would send `Bearer ` for an empty key. */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		options: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		const { baseHeaders } = connect(credentials as GemmaCredential);
		return { ...options, headers: { ...options.headers, ...baseHeaders } };
	};
}
