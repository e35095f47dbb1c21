import { randomUUID } from 'node:crypto';
import { json, text, xml, type Reply } from './reply';

/** Thrown wherever a rule is broken; the server answers with its reply. */
export class Refusal extends Error {
	constructor(readonly reply: Reply) {
		super(`Refused with status ${reply.status}`);
	}
}

/** 400 in OpenAI's shape; `param` names the field, if there is one. */
export function badRequest(message: string, param: string | null = null): Refusal {
	const error = { message, type: 'invalid_request_error', param, code: null };
	return new Refusal(json(400, { error }));
}

const TITLES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	410: 'Gone',
	422: 'Unprocessable Entity',
	500: 'Internal Server Error',
};

/** Problem JSON, `{status, title, detail}`, as NVIDIA's gateway and asset API write it. */
export function problem(status: number, detail: string): Refusal {
	return new Refusal(
		json(
			status,
			{ status, title: TITLES[status], detail },
			{ 'content-type': 'application/problem+json' },
		),
	);
}

/** 422 for a field the schema does not know. NVIDIA writes `data:` before this error's JSON. */
export function extraInput(...path: string[]): Refusal {
	const details = {
		type: 'urn:inference-service:problem-details:unprocessable-entity',
		title: TITLES[422],
		status: 422,
		detail: `body -> ${path.join(' -> ')}\n  Extra inputs are not permitted (type=value_error.extra)`,
		requestId: randomUUID(),
	};
	return new Refusal(
		text(422, `data:${JSON.stringify(details)}`, { 'content-type': 'application/problem+json' }),
	);
}

/** An error document as S3 writes it. */
export function storageError(status: number, code: string, message: string): Refusal {
	const document =
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		`<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return new Refusal(xml(status, document));
}

/** What a gateway answers for a path, or a model, that it does not know. */
export function pageNotFound(): Refusal {
	return new Refusal(text(404, '404 page not found'));
}

export function methodNotAllowed(allow: string): Refusal {
	return new Refusal(text(405, 'Method Not Allowed', { allow }));
}
