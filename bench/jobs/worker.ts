import { buildJobs } from '../build';
import { Child } from '../measure/child';
import { MODULES } from '../peers/langchain';
import type { JobMessage } from './main';
import type { CallsJob, CallsResult, EngineJob, EngineResult } from './types';

let program: Promise<string> | undefined;

/** A job in its own process: nobody else's code has been compiled or left memory behind there. */
export class Worker<Result> {
	private constructor(private readonly child: Child) {}

	static async engine(job: EngineJob, environment = {}): Promise<Worker<EngineResult>> {
		return await Worker.start<EngineResult>({ engine: job }, environment);
	}

	static async calls(job: CallsJob, environment = {}): Promise<Worker<CallsResult>> {
		return await Worker.start<CallsResult>({ calls: job }, environment);
	}

	private static async start<Result>(job: JobMessage, environment: NodeJS.ProcessEnv) {
		program ??= buildJobs();
		const child = Child.start(await program, { BENCH_MODULES: MODULES, ...environment });
		await child.ask(job);
		return new Worker<Result>(child);
	}

	/** @throws TookTooLong, and the worker is gone then. */
	async run(timeoutMs?: number): Promise<Result> {
		return await this.child.ask<Result>({ run: true } satisfies JobMessage, timeoutMs);
	}

	async end(): Promise<void> {
		await this.child.end();
	}
}
