import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Color } from 'sharp';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';

export const MODEL = 'google/gemma-3-27b-it';

/** A certificate for 127.0.0.1 that signs itself, and its key. */
export const tls = {
	key: readFileSync(join(__dirname, 'fixtures/localhost.key.pem'), 'utf8'),
	cert: readFileSync(join(__dirname, 'fixtures/localhost.cert.pem'), 'utf8'),
};

/** Starts one sandbox for a test file and gives it back as it was before each test. */
export function useSandbox(options: SandboxOptions = {}): { current: Sandbox } {
	const holder = {} as { current: Sandbox };
	let initial: SandboxOptions;
	beforeAll(async () => {
		holder.current = await startSandbox(options);
		initial = { ...holder.current.settings };
	});
	beforeEach(() => {
		holder.current.clear();
		Object.assign(holder.current.settings, initial);
	});
	afterAll(() => holder.current.close());
	return holder;
}

/** Sandboxes for single tests; those that a failing test leaves open are closed after it. */
export function useOwnSandboxes(): (options?: SandboxOptions) => Promise<Sandbox> {
	const open: Sandbox[] = [];
	afterEach(async () => {
		await Promise.all(open.splice(0).map((sandbox) => sandbox.close()));
	});
	return async (options) => {
		const sandbox = await startSandbox(options);
		open.push(sandbox);
		return sandbox;
	};
}

export interface Answer {
	status: number;
	headers: Headers;
	text: string;
}

/** Calls a URL with the sandbox's key. */
export async function call(
	sandbox: Sandbox,
	url: string,
	{ method = 'GET', body, headers = {}, key = sandbox.apiKey }: CallOptions = {},
): Promise<Answer> {
	const response = await fetch(url, {
		method,
		redirect: 'manual',
		headers: { ...(key === '' ? {} : { authorization: `Bearer ${key}` }), ...headers },
		body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
	});
	return { status: response.status, headers: response.headers, text: await response.text() };
}

export interface CallOptions {
	method?: string;
	body?: unknown;
	headers?: Record<string, string>;
	/** `''` sends no Authorization header. */
	key?: string;
}

/** Asks the chat API; `fields` go over a minimal valid body. */
export function chat(
	sandbox: Sandbox,
	fields: Record<string, unknown> = {},
	options: CallOptions = {},
): Promise<Answer> {
	const body = { model: MODEL, messages: [{ role: 'user', content: 'Hello' }], ...fields };
	return call(sandbox, `${sandbox.baseUrl}/chat/completions`, { method: 'POST', body, ...options });
}

/** The reply's text, of one choice. */
export function contentOf({ text }: Answer, choice = 0): string {
	return JSON.parse(text).choices[choice].message.content;
}

/** The data of a stream's events, in order. */
export function eventsOf({ text }: Answer): string[] {
	return text
		.split('\n\n')
		.filter((event) => event !== '')
		.map((event) => event.replace(/^data: /, ''));
}

export function picture(
	format: 'png' | 'jpeg',
	background: Color = '#ff0000',
	size: { width: number; height: number } = { width: 40, height: 30 },
): Promise<Buffer> {
	return sharp({ create: { ...size, channels: 4, background } })
		.toFormat(format)
		.toBuffer();
}

export function dataUri(bytes: Buffer, mediaType = 'image/png'): string {
	return `data:${mediaType};base64,${bytes.toString('base64')}`;
}

export function imageMessage(...urls: string[]) {
	const parts = urls.map((url) => ({ type: 'image_url', image_url: { url } }));
	return { role: 'user', content: [...parts, { type: 'text', text: 'Look' }] };
}

/** Creates an asset and uploads its bytes; gives its id. */
export async function uploadAsset(
	sandbox: Sandbox,
	bytes: Buffer,
	contentType = 'image/png',
): Promise<string> {
	const description = 'a picture';
	const created = await call(sandbox, `${sandbox.nvcfUrl}/assets`, {
		method: 'POST',
		body: { contentType, description },
	});
	const { assetId, uploadUrl } = JSON.parse(created.text);
	const uploaded = await fetch(uploadUrl, {
		method: 'PUT',
		headers: { 'content-type': contentType, 'x-amz-meta-nvcf-asset-description': description },
		body: new Uint8Array(bytes),
	});
	expect(uploaded.status).toBe(200);
	return assetId;
}
