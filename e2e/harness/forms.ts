import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import FormData from 'form-data';
import type { IDataObject } from 'n8n-workflow';

/** What n8n answered to a form. */
export interface FormReply {
	status: number;
	/** The answer's object; for a text that is no JSON, the text under `raw`. */
	json: IDataObject;
}

export interface FormFile {
	bytes: Buffer;
	filename: string;
	contentType: string;
}

/**
 * Posts a multipart form as a browser would.
 *
 * @throws Error when the connection breaks.
 */
export async function postForm(
	url: string,
	fields: Record<string, string | FormFile>,
): Promise<FormReply> {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) {
		if (typeof value === 'string') form.append(name, value);
		else form.append(name, value.bytes, value);
	}
	const call = request(url, { method: 'POST', headers: form.getHeaders() });
	form.pipe(call);
	const [response] = (await once(call, 'response')) as [IncomingMessage];
	let text = '';
	for await (const chunk of response.setEncoding('utf8')) text += chunk;
	return { status: response.statusCode ?? 0, json: objectOf(text) };
}

/** Posts JPEGs in the fields `picture1`, `picture2`… and, before them, fields of text. */
export async function postPictures(
	url: string,
	pictures: Buffer[],
	fields: Record<string, string> = {},
): Promise<FormReply> {
	const files = pictures.map((bytes, index): [string, FormFile] => {
		const name = `picture${index + 1}`;
		return [name, { bytes, filename: `${name}.jpg`, contentType: 'image/jpeg' }];
	});
	return await postForm(url, { ...fields, ...Object.fromEntries(files) });
}

function objectOf(text: string): IDataObject {
	try {
		return JSON.parse(text) as IDataObject;
	} catch {
		return { raw: text };
	}
}
