import type { ICredentialDataDecryptedObject, INodeTypeDescription } from 'n8n-workflow';

/** An answer of n8n that is no success. */
export class RestError extends Error {
	constructor(
		readonly status: number,
		readonly body: unknown,
		request: string,
	) {
		super(`${request}: HTTP ${status} ${JSON.stringify(body)}`);
	}
}

/** The one who may do everything; made at the first call to `signIn`. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Gemma-2-go',
};

/** What the editor says to its server, said by a program. */
export class Rest {
	private cookie = '';

	constructor(readonly url: string) {}

	/** @throws RestError for anything but a success. */
	async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		const parsed = parse(text);
		if (!response.ok) throw new RestError(response.status, parsed, `${method} ${path}`);
		const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
		if (cookies.length > 0) this.cookie = cookies.join('; ');
		return (parsed as { data: T }).data;
	}

	/** Sets the owner up on a new n8n and logs in on one that has it. */
	async signIn(): Promise<void> {
		const { email, password } = OWNER;
		try {
			await this.call('POST', '/rest/owner/setup', OWNER);
		} catch (error) {
			if (!(error instanceof RestError) || error.status !== 400) throw asError(error);
			await this.call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
		}
	}

	/** The node types that the editor's panel is made of. */
	async types(): Promise<INodeTypeDescription[]> {
		const response = await fetch(`${this.url}/types/nodes.json`, {
			headers: { cookie: this.cookie },
		});
		return (await response.json()) as INodeTypeDescription[];
	}

	/** @returns the credential's id. */
	async createCredential(
		name: string,
		data: ICredentialDataDecryptedObject,
		type = 'gemmaApi',
	): Promise<string> {
		const { id } = await this.call<{ id: string }>('POST', '/rest/credentials', {
			name,
			type,
			data,
		});
		return id;
	}

	/** What the Test button shows for these values in the open credential. */
	async testCredential(
		id: string,
		data: ICredentialDataDecryptedObject,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const credentials = { id, name: 'Gemma account', type: 'gemmaApi', data };
		return await this.call('POST', '/rest/credentials/test', { credentials });
	}
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

function parse(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
