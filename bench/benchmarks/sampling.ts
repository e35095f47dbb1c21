import { TookTooLong } from '../measure/child';
import { inDigits, type Figure } from '../measure/figure';
import { Worker } from '../jobs/worker';
import type { EngineJob, EngineResult } from '../jobs/types';
import type { Stub } from '../stubs/stub';
import type { StubReport } from '../stubs/types';
import type { Bar } from './types';

/** One repetition: what it took, and what the server saw of it. */
export interface Sample<Result = EngineResult> {
	result: Result;
	report: StubReport;
}

/** Repeats a worker's job; the stub knows nothing of the repetitions before. */
export async function repeat<Result>(
	worker: Worker<Result>,
	stub: Stub,
	times: number,
	timeoutMs?: number,
): Promise<Array<Sample<Result>>> {
	const samples: Array<Sample<Result>> = [];
	for (let i = 0; i < times; i++) {
		await stub.reset();
		const result = await worker.run(timeoutMs);
		samples.push({ result, report: await stub.report() });
	}
	return samples;
}

/** Starts n8n's engine for one peer, repeats the job in it and ends it. Empty when it took too long. */
export async function sampleEngine(
	job: Omit<EngineJob, 'url'>,
	stub: Stub,
	{ times, timeoutMs, environment }: { times: number; timeoutMs?: number; environment?: object },
): Promise<Sample[]> {
	// The engine's own first run is not to meet the limit that the peer before has used up.
	await stub.reset();
	const worker = await Worker.engine({ ...job, url: stub.url }, environment);
	try {
		return await repeat(worker, stub, times, timeoutMs);
	} catch (error) {
		if (error instanceof TookTooLong) return [];
		throw asError(error);
	} finally {
		await worker.end();
	}
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));

/** Tells a person at the terminal how far it is. */
export function tell(...figures: Figure[]): void {
	const values = figures.map(({ name, median, unit }) => `${name} ${inDigits(median)} ${unit}`);
	console.log(`  ${figures[0].variant}: ${values.join(', ')}`);
}

/** The median of a figure, or NaN when it was not measured: no bar is met by that. */
export function medianOf(figures: Figure[], variant: string, name: string): number {
	const found = figures.find((one) => one.variant === variant && one.name === name);
	return found?.median ?? Number.NaN;
}

/** What a ratio says of a bar, and what is to be said beside it; one side may not have been measured. */
export const judged = (ratio: number, met: boolean, beside = ''): Pick<Bar, 'found' | 'met'> =>
	Number.isNaN(ratio) ? { found: 'not measured' } : { found: `${inDigits(ratio)} ×${beside}`, met };
