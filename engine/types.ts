import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	ICredentialType,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodePropertyOptions,
	INodeType,
	IRun,
	IVersionedNodeType,
	IWorkflowBase,
	NodeExecutionHint,
	StructuredChunk,
	WorkflowExecuteMode,
} from 'n8n-workflow';

export interface EngineOptions {
	/** Node types by their full name, e.g. `{ 'n8n-nodes-gemma.gemma': new Gemma() }`. */
	nodes: Record<string, INodeType | IVersionedNodeType>;
	/** Credential types by name, e.g. `{ gemmaApi: new GemmaApi() }`; n8n's own are found anyway. */
	credentialTypes: Record<string, ICredentialType>;
	/** Where binary data lives: in memory (`default`) or on disk, as a server keeps it. */
	binaryMode?: 'default' | 'filesystem';
	/** More of n8n's environment variables, e.g. `{ N8N_SSRF_PROTECTION_ENABLED: 'true' }`. */
	environment?: Record<string, string>;
}

/** What an exported workflow file holds and the engine needs. */
export type WorkflowData = Pick<IWorkflowBase, 'nodes' | 'connections'> &
	Partial<Pick<IWorkflowBase, 'id' | 'name' | 'settings' | 'pinData' | 'staticData'>>;

/** Decrypted credential data by credential type name, without the defaults of absent fields. */
export type CredentialValues = Record<string, ICredentialDataDecryptedObject>;

export interface RunOptions {
	credentials?: CredentialValues;
	/** How the run was started; `manual`, the editor's Execute button, unless given. */
	mode?: WorkflowExecuteMode;
	/** Name of the node to begin with; n8n picks the trigger unless given. */
	startNode?: string;
	/** Items the first node gives out when it is a trigger, and takes in when it is not. */
	input?: INodeExecutionData[];
	/** Presses Stop after so many milliseconds. */
	cancelAfterMs?: number;
	/** Presses Stop when it aborts. */
	signal?: AbortSignal;
	/** The workflow's time limit, milliseconds: ends it in mid-node, as a server does. */
	timeoutMs?: number;
	/** Receives what a node streams; its presence makes `isStreaming()` true. */
	onStreamChunk?: (chunk: StructuredChunk) => void;
	/** Receives what a node says while it runs by hand; n8n shows it in the browser's console. */
	onMessage?: (message: unknown) => void;
}

export interface EngineRun {
	status: IRun['status'];
	error?: IRun['data']['resultData']['error'];
	data: IRun;
	/** The items a node gave out in its last run; empty when it did not run. */
	items(nodeName: string, outputIndex?: number): INodeExecutionData[];
	hints(nodeName: string): NodeExecutionHint[];
	nodeError(nodeName: string): EngineRun['error'];
}

/** What the editor sends along when it fills a list: the node's parameters and credentials. */
export interface EditorRequest {
	credentials?: CredentialValues;
	parameters?: INodeParameters;
	typeVersion?: number;
}

export interface ListSearchRequest extends EditorRequest {
	filter?: string;
	paginationToken?: string;
}

export interface Engine {
	/** Runs a workflow to its end. A failure is in the result, never thrown. */
	run(workflow: WorkflowData, options?: RunOptions): Promise<EngineRun>;
	/** Puts bytes into n8n's binary data store and returns the reference an item carries. */
	binary(bytes: Buffer, fileName: string, mimeType: string): Promise<IBinaryData>;
	/** The bytes behind a reference, from memory or disk. */
	readBinary(data: IBinaryData): Promise<Buffer>;
	loadOptions(
		nodeType: string,
		method: string,
		request?: EditorRequest,
	): Promise<INodePropertyOptions[]>;
	listSearch(
		nodeType: string,
		method: string,
		request?: ListSearchRequest,
	): Promise<INodeListSearchResult>;
	/** The editor's connection test: calls the `testedBy` function of the node that has one. */
	testCredential(
		credentialType: string,
		data: ICredentialDataDecryptedObject,
	): Promise<INodeCredentialTestResult>;
	/** Removes the temporary folder and restores the environment; the engine is done after it. */
	close(): Promise<void>;
}
