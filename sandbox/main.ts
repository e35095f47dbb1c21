import { startSandbox, type Sandbox } from './index';

const DEFAULT_PORT = 8787;

function isPortTaken(error: unknown): boolean {
	return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function introduce({ baseUrl, nvcfUrl, apiKey }: Sandbox): void {
	const body = JSON.stringify({
		model: 'google/gemma-3-27b-it',
		messages: [{ role: 'user', content: 'Hello' }],
	});
	console.log(`Sandbox for NVIDIA's Gemma API. It is not a model; press Ctrl-C to stop it.

Base URL  ${baseUrl}
NVCF URL  ${nvcfUrl}
API key   ${apiKey}

curl ${baseUrl}/chat/completions -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${body}'`);
}

async function main(): Promise<void> {
	const port = Number(process.env.PORT || DEFAULT_PORT);
	if (!Number.isInteger(port) || port < 0 || port > 65535) {
		console.error(`PORT must be a number from 0 to 65535, not '${process.env.PORT}'.`);
		process.exitCode = 1;
		return;
	}
	try {
		const sandbox = await startSandbox({ port, maxRequests: 1000 });
		introduce(sandbox);
		for (const signal of ['SIGINT', 'SIGTERM'] as const) {
			process.once(signal, () => void sandbox.close());
		}
	} catch (error) {
		console.error(
			isPortTaken(error)
				? `Port ${port} is taken. Stop what runs there, or choose another: PORT=8788 npm run sandbox`
				: `The sandbox did not start: ${String(error)}`,
		);
		process.exitCode = 1;
	}
}

void main();
