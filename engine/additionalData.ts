import {
	type ICredentialsHelper,
	type IWorkflowExecuteAdditionalData,
	UnexpectedError,
} from 'n8n-workflow';
import type { Runtime } from './runtime';

/** No server stands behind these addresses; nodes put them into links only. */
const instance = 'http://127.0.0.1:5678/';

/** What a server hands to every run besides the workflow: credentials, addresses, services. */
export function additionalDataFor(
	{ core, container }: Runtime,
	credentialsHelper: ICredentialsHelper,
	rest: Partial<IWorkflowExecuteAdditionalData> = {},
): IWorkflowExecuteAdditionalData {
	return {
		credentialsHelper,
		externalSecretsProxy: container.get(core.ExternalSecretsProxy),
		currentNodeExecutionIndex: 0,
		variables: {},
		instanceBaseUrl: instance,
		restApiUrl: `${instance}rest`,
		formBaseUrl: `${instance}form`,
		formTestBaseUrl: `${instance}form-test`,
		formWaitingBaseUrl: `${instance}form-waiting`,
		webhookBaseUrl: `${instance}webhook`,
		webhookTestBaseUrl: `${instance}webhook-test`,
		webhookWaitingBaseUrl: `${instance}webhook-waiting`,
		mcpBaseUrl: `${instance}mcp`,
		mcpTestBaseUrl: `${instance}mcp-test`,
		logAiEvent: () => undefined,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		executeWorkflow: () => unavailable('Sub-workflows'),
		startRunnerTask: () => unavailable('Task runners (the Code node)'),
		...rest,
	};
}

async function unavailable(what: string): Promise<never> {
	throw new UnexpectedError(`${what} need an n8n server`);
}
