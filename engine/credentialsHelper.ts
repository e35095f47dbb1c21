import {
	type ICredentialDataDecryptedObject,
	type ICredentials,
	ICredentialsHelper,
	type ICredentialsExpressionResolveValues,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialsDetails,
	type INodeParameters,
	type INodeProperties,
	type IRequestOptionsSimplified,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	UserError,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { addAuthentication } from './authentication';
import type { CredentialTypes } from './nodeTypes';
import type { Core } from './runtime';
import type { CredentialValues } from './types';

/**
 * A server's credential helper with the database taken out: the same encryption, defaults and
 * expressions, over the values one run was given.
 */
export class CredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly core: Core,
		private readonly types: CredentialTypes,
		private readonly values: CredentialValues,
	) {
		super();
	}

	getParentTypes(name: string): string[] {
		const parents = this.types.getByName(name).extends ?? [];
		return parents.flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	isCredentialUsableByNode(): boolean {
		return true;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions | IRequestOptionsSimplified,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		// n8n's own helper takes both shapes for the full one: generic authentication only adds to it.
		const request = requestOptions as IHttpRequestOptions;
		const { authenticate } = this.types.getByName(typeName);
		if (typeof authenticate === 'function') return await authenticate(credentials, request);
		if (!authenticate || !workflow || !node) return request;
		return addAuthentication(authenticate, credentials, request, workflow, node);
	}

	async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		return (await this.types.getByName(typeName).preAuthentication?.call(helpers, credentials)) as
			| ICredentialDataDecryptedObject
			| undefined;
	}

	/** @throws UserError when the run was given no values of this type */
	async getCredentials({ id, name }: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		if (!Object.hasOwn(this.values, type)) {
			throw new UserError(`Credential with ID "${id}" does not exist for type "${type}".`);
		}
		const credentials = new this.core.Credentials({ id, name }, type);
		await credentials.setData(this.values[type]);
		return credentials;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		nodeCredentials: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		expression?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const credentials = await this.getCredentials(nodeCredentials, type);
		const stored = await credentials.getData();
		if (raw) return stored;
		const data = this.withDefaults(type, stored);
		if (!expression) return data;
		return expression.workflow.expression.getParameterValue(
			data as INodeParameters,
			expression.runExecutionData,
			expression.runIndex,
			expression.itemIndex,
			expression.node.name,
			expression.connectionInputData,
			mode,
			this.core.getAdditionalKeys(additionalData, mode, null, { isCredential: true }),
			executeData,
			false,
			data as INodeParameters,
		) as ICredentialDataDecryptedObject;
	}

	/** Adds the defaults of absent fields and drops hidden ones, which arrive undefined in a node. */
	withDefaults(type: string, data: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject {
		return NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type),
			data as INodeParameters,
			true,
			false,
			null,
			null,
		) as ICredentialDataDecryptedObject;
	}

	/** Values live for one run only; there is nowhere to keep a change. */
	async updateCredentials(): Promise<void> {}

	async updateCredentialsOauthTokenData(): Promise<void> {}

	getCredentialsProperties(type: string): INodeProperties[] {
		const { extends: parents, properties } = this.types.getByName(type);
		// As on the server: merging would drop all but the last of several fields with one name.
		if (parents === undefined) return properties;
		const merged: INodeProperties[] = [];
		for (const parent of parents) {
			NodeHelpers.mergeNodeProperties(merged, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(merged, properties);
		return merged;
	}
}
