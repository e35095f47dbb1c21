import { Worker } from '../jobs/worker';
import type { CallsJob, CallsResult } from '../jobs/types';
import { figure, inDigits, type Figure } from '../measure/figure';
import { Stub } from '../stubs/stub';
import { judged, medianOf, repeat, tell } from './sampling';
import type { Bar, Benchmark, Setting } from './types';

const TOKENS = 8192;
/** A reader's code is compiled while it runs. */
const WARM_UP = 8;

const READERS: Record<CallsJob['client'], string> = {
	transport: "This node's transport",
	sdk: 'openai SDK',
	undici: 'undici + eventsource-parser + JSON.parse',
};

/** One streamed reply of 8,192 tokens, as fast as it can be read. */
export const stream: Benchmark = {
	id: 3,
	run: async ({ quick, hasPeers }: Setting) => {
		const stub = await Stub.open({ streamTokens: TOKENS });
		const clients = Object.keys(READERS) as Array<CallsJob['client']>;
		const present = clients.filter((client) => client !== 'sdk' || hasPeers);
		const results = new Map<CallsJob['client'], Replies[]>();
		// In turns, so that what else the machine does meets all of them.
		for (let round = 0; round < (quick ? 1 : 5); round++) {
			for (const client of present) {
				const read = await readReplies(client, stub, quick ? 5 : 15);
				results.set(client, [...(results.get(client) ?? []), read]);
			}
		}
		await stub.close();
		const figures = present.flatMap((client) => {
			const own = figuresOf(READERS[client], results.get(client) ?? []);
			tell(...own);
			return own;
		});
		return {
			id: 3,
			title: `One streamed reply of ${TOKENS.toLocaleString('en-US')} tokens`,
			what: 'A server that has the whole reply ready, each event in an HTTP chunk of its own; each reader is a process of its own, which has read a few replies before; what the very first one took of CPU, with code that nobody had run yet, stands beside it. The last row is the least these libraries can take: nothing is checked and only the text is kept.',
			figures,
			bars: barsFor(figures),
			notes: [],
			charted: 'Speed',
		};
	},
};

/** What one process read. */
interface Replies {
	first: CallsResult;
	/** Once its code was compiled. */
	later: CallsResult[];
}

async function readReplies(
	client: CallsJob['client'],
	stub: Stub,
	times: number,
): Promise<Replies> {
	const worker = await Worker.calls({ client, url: stub.url, calls: 1 });
	const samples = await repeat(worker, stub, WARM_UP + times);
	await worker.end();
	const results = samples.map(({ result }) => result);
	return { first: results[0], later: results.slice(WARM_UP) };
}

function figuresOf(reader: string, processes: Replies[]): Figure[] {
	const later = processes.flatMap((process) => process.later);
	const speeds = later.map(({ wallMs }) => (TOKENS / wallMs) * 1000);
	const cpu = (results: CallsResult[]) => results.map(({ cpuMs }) => cpuMs);
	return [
		figure(reader, 'Speed', 'tokens/s', speeds),
		figure(reader, 'CPU a reply', 'ms', cpu(later)),
		figure(reader, 'CPU of the first', 'ms', cpu(processes.map(({ first }) => first))),
	];
}

function barsFor(figures: Figure[]): Bar[] {
	const speed = (client: CallsJob['client']) => medianOf(figures, READERS[client], 'Speed');
	const ofLimit = speed('transport') / speed('undici');
	const overSdk = speed('transport') / speed('sdk');
	const limit = speed('undici') / speed('sdk');
	return [
		{
			bar: "At least 0.8 × the bare limit's tokens a second",
			...judged(ofLimit, ofLimit >= 0.8),
		},
		{
			bar: "At least 10 × the openai SDK's tokens a second",
			...judged(overSdk, overSdk >= 10, ` (the bare limit itself: ${inDigits(limit)} ×)`),
		},
	];
}
