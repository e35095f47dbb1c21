import { serve } from '../measure/child';
import type { CallsJob, EngineJob, Job } from './types';

export type JobMessage = { engine: EngineJob } | { calls: CallsJob } | { run: true };

let job: Job<unknown> | undefined;

/** Loads what the job needs only: n8n's engine is large. */
async function open(message: Exclude<JobMessage, { run: true }>): Promise<Job<unknown>> {
	if ('engine' in message) return await (await import('./engineJob.js')).engineJob(message.engine);
	return await (await import('./callsJob.js')).callsJob(message.calls);
}

serve<JobMessage>(
	async (message) => {
		if ('run' in message) return await job?.run();
		job = await open(message);
		return undefined;
	},
	async () => await job?.close(),
);
