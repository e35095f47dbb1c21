import { once } from 'node:events';
import { request } from 'node:http';
import FormData from 'form-data';
import type { IDataObject } from 'n8n-workflow';

/** What a webhook answered. */
export interface WebhookReply {
	status: number;
	/** The answer's object; for a text that is no JSON, the text under `raw`. */
	json: IDataObject;
}

/**
 * Posts pictures as the multipart form that a browser would send: fields `picture1`, `picture2`…
 * and further fields as text.
 *
 * @throws Error when the connection breaks.
 */
export async function postPictures(
	url: string,
	pictures: Buffer[],
	fields: Record<string, string> = {},
): Promise<WebhookReply> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.append(name, value);
	pictures.forEach((bytes, index) => {
		const name = `picture${index + 1}`;
		form.append(name, bytes, { filename: `${name}.jpg`, contentType: 'image/jpeg' });
	});
	const call = request(url, { method: 'POST', headers: form.getHeaders() });
	form.pipe(call);
	const [response] = (await once(call, 'response')) as [import('node:http').IncomingMessage];
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) text += chunk;
	return { status: response.statusCode ?? 0, json: objectOf(text) };
}

function objectOf(text: string): IDataObject {
	try {
		return JSON.parse(text) as IDataObject;
	} catch {
		return { raw: text };
	}
}
