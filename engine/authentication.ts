import {
	type IAuthenticateGeneric,
	type ICredentialDataDecryptedObject,
	type IHttpRequestOptions,
	type INode,
	isExpression,
	type Workflow,
} from 'n8n-workflow';

/**
 * Adds what a credential type's declarative `authenticate` asks for (headers, query, body, auth) to
 * a request; `$credentials` in its expressions are the decrypted values.
 */
export function addAuthentication(
	{ properties }: IAuthenticateGeneric,
	credentials: ICredentialDataDecryptedObject,
	request: IHttpRequestOptions,
	workflow: Workflow,
	node: INode,
): IHttpRequestOptions {
	const resolve = (text: unknown) => {
		if (!isExpression(text)) return String(text);
		const keys = { $credentials: credentials };
		const value = workflow.expression.getSimpleParameterValue(node, text, 'internal', keys);
		return value ? String(value) : '';
	};
	const added = Object.entries(properties).map(([part, fields]) => {
		const resolved = Object.entries(fields ?? {}).map(([key, value]) => [
			resolve(key),
			resolve(value),
		]);
		const present = request[part as keyof IHttpRequestOptions];
		return [part, { ...(present as object | undefined), ...Object.fromEntries(resolved) }];
	});
	return Object.assign(request, Object.fromEntries(added));
}
