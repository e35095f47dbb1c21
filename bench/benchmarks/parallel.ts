import { figure, inDigits, type Figure } from '../measure/figure';
import { FROM_LANGCHAIN, PEER_NAMES, type Peer, type PeerSettings } from '../peers/types';
import { Stub } from '../stubs/stub';
import { judged, medianOf, sampleEngine, tell } from './sampling';
import type { Bar, Benchmark, Setting } from './types';

const ITEMS = 64;
const LATENCY_MS = 500;

interface Variant {
	name: string;
	peer: Peer;
	settings: PeerSettings;
	/** Requests in flight at once, where that is how the peer is set. */
	atOnce?: number;
	/** Each run takes so long that few of them have to do. */
	slow?: boolean;
}

const gemma = (atOnce: number, usual = false): Variant => ({
	name: `${PEER_NAMES.gemma}, ${atOnce} at once${usual ? ' (default)' : ''}`,
	peer: 'gemma',
	atOnce,
	settings: usual ? {} : { parameters: { options: { concurrency: atOnce } } },
});
const OURS = { 8: gemma(8, true), 16: gemma(16), 64: gemma(64) };
const HTTP_REQUEST: Variant = {
	name: `${PEER_NAMES.httpRequest}, everything at once (default)`,
	peer: 'httpRequest',
	atOnce: ITEMS,
	settings: {},
};
const BATCHED: Variant = {
	name: `${PEER_NAMES.httpRequest}, batches of 5 a second`,
	peer: 'httpRequest',
	slow: true,
	settings: {
		parameters: { options: { batching: { batch: { batchSize: 5, batchInterval: 1000 } } } },
	},
};
const CHAIN: Variant = {
	name: `${PEER_NAMES.chain}, 5 at once (default)`,
	peer: 'chain',
	atOnce: 5,
	settings: {},
};
const MOONSHOT: Variant = {
	name: `${PEER_NAMES.moonshot}, one by one`,
	peer: 'moonshot',
	atOnce: 1,
	slow: true,
	settings: {},
};
const VARIANTS = [...Object.values(OURS), HTTP_REQUEST, BATCHED, CHAIN, MOONSHOT];

/** 64 items against a server that takes half a second for each. */
export const parallel: Benchmark = {
	id: 1,
	run: async ({ quick, hasPeers }: Setting) => {
		const stub = await Stub.open({ latencyMs: LATENCY_MS });
		const figures: Figure[] = [];
		for (const { name, peer, settings, atOnce, slow } of VARIANTS) {
			if (FROM_LANGCHAIN.includes(peer) && !hasPeers) continue;
			const times = quick ? 1 : slow ? 3 : 7;
			const samples = await sampleEngine({ peer, settings, items: ITEMS }, stub, { times });
			const seconds = samples.map(({ result }) => result.wallMs / 1000);
			const own = [figure(name, 'Time', 's', seconds)];
			if (atOnce) {
				const ideal = (ITEMS * LATENCY_MS) / atOnce / 1000;
				const ratios = seconds.map((taken) => taken / ideal);
				own.push(figure(name, 'Against the ideal', '×', ratios));
			}
			const succeeded = samples.map(({ result }) => result.succeeded);
			own.push(figure(name, 'Succeeded', 'items', succeeded));
			tell(...own);
			figures.push(...own);
		}
		await stub.close();
		return {
			id: 1,
			title: `${ITEMS} items, half a second each`,
			what: `One message an item, to a server that answers ${LATENCY_MS} ms after each request. The ideal is items × latency ÷ requests at once.`,
			figures,
			bars: barsFor(figures),
			notes: [],
			charted: 'Time',
		};
	},
};

function barsFor(figures: Figure[]): Bar[] {
	const time = ({ name }: Variant) => medianOf(figures, name, 'Time');
	const ideals = Object.values(OURS).map(({ name }) =>
		medianOf(figures, name, 'Against the ideal'),
	);
	const [vendor, chain] = [time(MOONSHOT) / time(OURS[8]), time(CHAIN) / time(OURS[8])];
	const level = time(OURS[64]) / time(HTTP_REQUEST);
	return [
		{
			bar: 'Within 1.15 × of the ideal at 8, 16 and 64 at once',
			found: `${ideals.map(inDigits).join(', ')} ×`,
			met: ideals.every((ratio) => ratio <= 1.15),
		},
		{
			bar: 'At its default at least 7 × ahead of the vendor node (Moonshot)',
			...judged(vendor, vendor >= 7),
		},
		{
			bar: 'At its default ahead of Basic LLM Chain',
			...judged(chain, chain > 1),
		},
		{
			bar: 'At 64 at once level with HTTP Request (at most 1.1 × its time)',
			found: `${inDigits(level)} ×`,
			met: level <= 1.1,
		},
	];
}
