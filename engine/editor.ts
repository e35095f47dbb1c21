import {
	type ICredentialDataDecryptedObject,
	type ILoadOptionsFunctions,
	type INode,
	type INodeCredentials,
	type INodeCredentialTestResult,
	type INodeListSearchResult,
	type INodePropertyOptions,
	type INodeType,
	UserError,
	Workflow,
} from 'n8n-workflow';
import { additionalDataFor } from './additionalData';
import { CredentialsHelper } from './credentialsHelper';
import type { Installed } from './run';
import type { EditorRequest, ListSearchRequest } from './types';

/** Fills a drop-down as the editor does. @throws UserError when the node has no such method */
export async function loadOptions(
	installed: Installed,
	nodeType: string,
	method: string,
	request: EditorRequest,
): Promise<INodePropertyOptions[]> {
	const { methods } = versionOf(installed, nodeType, request);
	const load = methods?.loadOptions?.[method];
	if (!load) throw new UserError(`${nodeType} has no loadOptions method "${method}"`);
	return await load.call(contextFor(installed, nodeType, request));
}

/** Fills a resource locator's list. @throws UserError when the node has no such method */
export async function listSearch(
	installed: Installed,
	nodeType: string,
	method: string,
	request: ListSearchRequest,
): Promise<INodeListSearchResult> {
	const { methods } = versionOf(installed, nodeType, request);
	const search = methods?.listSearch?.[method];
	if (!search) throw new UserError(`${nodeType} has no listSearch method "${method}"`);
	const context = contextFor(installed, nodeType, request);
	return await search.call(context, request.filter, request.paginationToken);
}

/**
 * Tests a credential by the function its node names in `testedBy`.
 *
 * @throws UserError when none of the node types names one
 */
export async function testCredential(
	{ runtime, credentialTypes }: Installed,
	nodes: INodeType[],
	type: string,
	data: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	const { core } = runtime;
	const helper = new CredentialsHelper(core, credentialTypes, { [type]: data });
	for (const { description, methods } of nodes) {
		const testedBy = description.credentials?.find(({ name }) => name === type)?.testedBy;
		const test = typeof testedBy === 'string' ? methods?.credentialTest?.[testedBy] : undefined;
		if (!test) continue;
		const context = new core.CredentialTestContext(additionalDataFor(runtime, helper));
		const decrypted = { id: type, name: type, type, data: helper.withDefaults(type, data) };
		return await test.call(context, decrypted);
	}
	throw new UserError(`No testing function found for the credential "${type}"`);
}

function versionOf(
	{ nodeTypes }: Installed,
	nodeType: string,
	{ typeVersion }: EditorRequest,
): INodeType {
	return nodeTypes.getByNameAndVersion(nodeType, typeVersion);
}

/** The editor knows a node's parameters but no workflow: the node stands alone in a made-up one. */
function contextFor(
	installed: Installed,
	nodeType: string,
	request: EditorRequest,
): ILoadOptionsFunctions {
	const { runtime, nodeTypes, credentialTypes } = installed;
	const { version, defaultVersion } = versionOf(installed, nodeType, request).description;
	const { credentials = {}, parameters = {}, typeVersion } = request;
	const references: INodeCredentials = Object.fromEntries(
		Object.keys(credentials).map((type) => [type, { id: type, name: type }]),
	);
	const node: INode = {
		id: 'temporary',
		name: 'Temp-Node',
		type: nodeType,
		typeVersion: typeVersion ?? defaultVersion ?? [version].flat().at(-1) ?? 1,
		position: [0, 0],
		parameters,
		credentials: references,
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const helper = new CredentialsHelper(runtime.core, credentialTypes, credentials);
	const data = additionalDataFor(runtime, helper, { currentNodeParameters: parameters });
	return new runtime.core.LoadOptionsContext(workflow, workflow.nodes[node.name], data, '');
}
