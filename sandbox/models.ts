import { ACCOUNT } from './account';
import { pageNotFound, problem } from './refusal';
import { json, type Reply } from './reply';

export interface Model {
	id: string;
	/** Takes pictures. */
	images: boolean;
	/** Takes a system message; Gemma 2 has no such role. */
	system: boolean;
	access: 'granted' | 'notGranted' | 'retired';
}

const sees = { images: true, system: true, access: 'granted' } as const;
const reads = { images: false, system: true, access: 'granted' } as const;
const gemma2 = { images: false, system: false, access: 'granted' } as const;

export const MODELS: readonly Model[] = [
	{ id: 'google/gemma-2-2b-it', ...gemma2 },
	{ id: 'google/gemma-2-9b-it', ...gemma2 },
	{ id: 'google/gemma-2-27b-it', ...gemma2 },
	{ id: 'google/gemma-3-1b-it', ...reads },
	{ id: 'google/gemma-3-4b-it', ...sees },
	{ id: 'google/gemma-3-12b-it', ...sees },
	{ id: 'google/gemma-3-27b-it', ...sees },
	{ id: 'google/gemma-3n-e2b-it', ...sees },
	{ id: 'google/gemma-3n-e4b-it', ...sees },
	{ id: 'google/gemma-4-26b-a4b-it', ...sees },
	{ id: 'google/gemma-4-31b-it', ...sees },
	{ id: 'google/gemma-not-granted-it', ...sees, access: 'notGranted' },
	{ id: 'google/gemma-retired-it', ...sees, access: 'retired' },
	{ id: 'meta/llama-3.3-70b-instruct', ...reads },
	{ id: 'mistralai/mistral-small-24b-instruct', ...reads },
	{ id: 'nvidia/llama-3.1-nemotron-70b-instruct', ...reads },
];

/** `GET /v1/models`. Lists models that the key may not call, as NVIDIA's does; no retired ones. */
export function listModels(): Reply {
	const data = MODELS.filter(({ access }) => access !== 'retired').map(({ id }) => ({
		id,
		object: 'model',
		created: 735790403,
		owned_by: id.split('/')[0],
	}));
	return json(200, { object: 'list', data });
}

/**
 * The model of a chat request.
 *
 * @throws Refusal 404 in plain text (unknown), 404 problem JSON (not granted), 410 (retired)
 */
export function findModel(id: string): Model {
	const model = MODELS.find((candidate) => candidate.id === id);
	if (!model) throw pageNotFound();
	if (model.access === 'notGranted') {
		throw problem(404, `Function '${id}': Not found for account '${ACCOUNT}'`);
	}
	if (model.access === 'retired') {
		throw problem(410, `The model '${id}' has reached its end of life on 2026-06-30.`);
	}
	return model;
}
