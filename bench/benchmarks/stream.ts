import { Worker } from '../jobs/worker';
import type { CallsJob, CallsResult } from '../jobs/types';
import { figure, type Figure } from '../measure/figure';
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
		const results = new Map<CallsJob['client'], CallsResult[]>();
		// In turns, so that what else the machine does meets all of them.
		for (let round = 0; round < (quick ? 1 : 5); round++) {
			for (const client of present) {
				const read = await readReplies(client, stub, quick ? 5 : 15);
				results.set(client, [...(results.get(client) ?? []), ...read]);
			}
		}
		await stub.close();
		const figures = present.flatMap((client) => {
			const samples = results.get(client) ?? [];
			const own = [
				figure(
					READERS[client],
					'Speed',
					'tokens/s',
					samples.map(({ wallMs }) => (TOKENS / wallMs) * 1000),
				),
				figure(
					READERS[client],
					'CPU a reply',
					'ms',
					samples.map(({ cpuMs }) => cpuMs),
				),
			];
			tell(...own);
			return own;
		});
		return {
			id: 3,
			title: `One streamed reply of ${TOKENS.toLocaleString('en-US')} tokens`,
			what: 'A server that has the whole reply ready, each event in an HTTP chunk of its own; each reader is a process of its own, which has read a few replies before. The last row is the least these libraries can take: nothing is checked and only the text is kept.',
			figures,
			bars: barsFor(figures),
			notes: [],
			charted: 'Speed',
		};
	},
};

async function readReplies(client: CallsJob['client'], stub: Stub, times: number) {
	const worker = await Worker.calls({ client, url: stub.url, calls: 1 });
	await repeat(worker, stub, WARM_UP);
	const samples = (await repeat(worker, stub, times)).map(({ result }) => result);
	await worker.end();
	return samples;
}

function barsFor(figures: Figure[]): Bar[] {
	const speed = (client: CallsJob['client']) => medianOf(figures, READERS[client], 'Speed');
	const ofLimit = speed('transport') / speed('undici');
	const overSdk = speed('transport') / speed('sdk');
	return [
		{
			bar: "At least 0.8 × the bare limit's tokens a second",
			...judged(ofLimit, ofLimit >= 0.8),
		},
		{
			bar: "At least 10 × the openai SDK's tokens a second",
			...judged(overSdk, overSdk >= 10),
		},
	];
}
