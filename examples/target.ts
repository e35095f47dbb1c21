import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { startSandbox } from '../sandbox';

/** The server that the examples talk to. */
export interface Target {
	/** For the headline of the run. */
	name: string;
	credential: ICredentialDataDecryptedObject;
	/** Asked in place of the workflows' own model, when given. */
	model?: string;
	/** Whether this is the embedded stand-in, which has no model behind it. */
	isSandbox: boolean;
	close(): Promise<void>;
}

/**
 * NVIDIA's API with `NVIDIA_API_KEY`, one's own server with `GEMMA_BASE_URL`, the embedded sandbox
 * otherwise; `GEMMA_MODEL` picks the model. With both, the key is sent to that base URL.
 */
export async function openTarget(environment: NodeJS.ProcessEnv): Promise<Target> {
	const { NVIDIA_API_KEY: apiKey, GEMMA_BASE_URL: baseUrl, GEMMA_MODEL: model } = environment;
	if (!apiKey && !baseUrl) return await sandboxTarget(model);
	return {
		name: baseUrl ?? "NVIDIA's hosted API",
		credential: {
			server: apiKey ? 'nvidia' : 'openAiCompatible',
			...(apiKey && { apiKey }),
			...(baseUrl && { baseUrl }),
		},
		...(model && { model }),
		isSandbox: false,
		close: async () => {},
	};
}

async function sandboxTarget(model: string | undefined): Promise<Target> {
	const { apiKey, baseUrl, nvcfUrl, close } = await startSandbox();
	return {
		name: 'the embedded sandbox (a stand-in for the API: no model behind it)',
		credential: { server: 'nvidia', apiKey, baseUrl, nvcfUrl },
		...(model && { model }),
		isSandbox: true,
		close,
	};
}
