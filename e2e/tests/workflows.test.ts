import { agentCases } from '../cases/agent';
import { binaryModeCases } from '../cases/binaryModes';
import { credentialCases } from '../cases/credential';
import { exampleCases } from '../cases/examples';
import { failureCases } from '../cases/failures';
import { stopCases } from '../cases/stop';
import { webhookCases } from '../cases/webhook';
import { openBench, type Bench } from '../harness/bench';
import { currentN8n, oldestN8n } from '../harness/versions';

describe.each([currentN8n, oldestN8n])('n8n $name', (version) => {
	let bench: Bench;
	const open = () => bench;
	beforeAll(async () => {
		bench = await openBench(version);
	});
	afterAll(async () => await bench?.close());

	describe('the credential', () => credentialCases(open));
	describe('the examples', () => exampleCases(open));
	describe('a webhook', () => webhookCases(open));
	describe('On Error', () => failureCases(open));
	describe('Stop', () => stopCases(open));
	describe('an AI Agent', () => agentCases(open));
	describe('binary data in mode', () => binaryModeCases(open));
});
