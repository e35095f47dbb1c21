import { figure, inDigits, type Figure } from '../measure/figure';
import { takePictures } from '../peers/pictures';
import { FROM_LANGCHAIN, type Peer } from '../peers/types';
import { Stub } from '../stubs/stub';
import { sampleEngine, tell, type Sample } from './sampling';
import { barsFor } from './pictureBars';
import { COUNTS, PEERS, SPEEDS, variantOf, type Speed } from './pictureCases';
import type { Benchmark, Setting } from './types';

const MEGABYTE = 1e6;

/** A run that is longer than this is given up. */
const LONGEST_RUN_MS = 400_000;

/** Items with a photograph each, as a phone takes it. */
export const pictures: Benchmark = {
	id: 5,
	run: async ({ quick, hasPeers }: Setting) => {
		const photos = await takePictures();
		const figures: Figure[] = [];
		const notes: string[] = [];
		for (const speed of Object.keys(SPEEDS) as Speed[]) {
			const stub = await Stub.open({ bytesPerSecond: SPEEDS[speed] });
			for (const count of quick ? [1, 8] : COUNTS) {
				for (const peer of PEERS) {
					if (FROM_LANGCHAIN.includes(peer) && !hasPeers) continue;
					const name = variantOf(peer, count, speed);
					const samples: Sample[] = [];
					// A process for each repetition: memory once taken is rarely given back.
					for (let i = 0; i < timesFor(peer, count, quick); i++) {
						const job = {
							peer,
							items: count,
							settings: { pictures: true },
							pictures: photos.files,
						};
						const limit = { times: 1, timeoutMs: LONGEST_RUN_MS };
						samples.push(...(await sampleEngine(job, stub, limit)));
					}
					if (samples.length === 0) {
						notes.push(`${name}: given up after ${LONGEST_RUN_MS / 1000} s.`);
						console.log(`  ${notes.at(-1)}`);
						continue;
					}
					const own = figuresOf(name, samples);
					tell(...own);
					figures.push(...own);
				}
			}
			await stub.close();
		}
		const megabytes = inDigits(photos.bytes / photos.files.length / MEGABYTE);
		return {
			id: 5,
			title: 'Items with a photograph each',
			what: `Pictures of 12 megapixels, ${megabytes} MB each on average, three different ones in turn; to a server that reads as fast as it can, and to one that reads 20 Mbit/s, all connections together. Binary data is on disk, as on a server; every repetition has a process of its own.`,
			figures,
			bars: barsFor(figures),
			notes,
			charted: 'First request received',
		};
	},
};

function timesFor(peer: Peer, count: number, quick: boolean): number {
	if (quick) return 1;
	if (peer === 'gemma') return 5;
	return count === 1 ? 3 : count < 10 ? 2 : 1;
}

function figuresOf(name: string, samples: Sample[]): Figure[] {
	const of = (what: string, unit: string, value: (sample: Sample) => number) =>
		figure(name, what, unit, samples.map(value));
	return [
		of('Sent', 'MB', ({ report }) => report.bytes / MEGABYTE),
		of('First request received', 's', ({ report, result }) =>
			report.firstReceivedAt === undefined
				? Number.NaN
				: (report.firstReceivedAt - result.startedAt) / 1000,
		),
		of('Time', 's', ({ result }) => result.wallMs / 1000),
		of('CPU', 's', ({ result }) => result.cpuMs / 1000),
		of('Memory growth', 'MB', ({ result }) => result.growthMb),
		of('Longest stall', 'ms', ({ result }) => result.stallMs),
		of('Succeeded', 'items', ({ result }) => result.succeeded),
	];
}
