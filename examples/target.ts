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
 * One's own server with `GEMMA_BASE_URL` (and `GEMMA_API_KEY`, if it asks for one), NVIDIA's API
 * with `NVIDIA_API_KEY`, the embedded sandbox otherwise; `GEMMA_MODEL` picks the model. NVIDIA's
 * key is sent to nobody else.
 */
export async function openTarget(environment: NodeJS.ProcessEnv): Promise<Target> {
	const { NVIDIA_API_KEY, GEMMA_BASE_URL, GEMMA_API_KEY, GEMMA_MODEL: model } = environment;
	const rest = { ...(model && { model }), isSandbox: false, close: async () => {} };
	if (GEMMA_BASE_URL) {
		const key = GEMMA_API_KEY && { apiKey: GEMMA_API_KEY };
		const credential = { server: 'openAiCompatible', baseUrl: GEMMA_BASE_URL, ...key };
		return { name: GEMMA_BASE_URL, credential, ...rest };
	}
	if (!NVIDIA_API_KEY) return await sandboxTarget(model);
	const credential = { server: 'nvidia', apiKey: NVIDIA_API_KEY };
	return { name: "NVIDIA's hosted API", credential, ...rest };
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
