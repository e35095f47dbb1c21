import { figure, inDigits, type Figure } from '../measure/figure';
import { FROM_LANGCHAIN, PEER_NAMES, type Peer, type PeerSettings } from '../peers/types';
import { Stub } from '../stubs/stub';
import type { LimitOptions } from '../stubs/types';
import { medianOf, sampleEngine, tell, type Sample } from './sampling';
import type { Bar, Benchmark, Setting } from './types';

const ITEMS = 120;
const LATENCY_MS = 100;
const REQUESTS = 40;
/** Retry-After counts whole seconds: in a period much shorter, its rounding alone would be the result. */
const PERIOD_MS = 6000;
/** The first requests pass at once; the rest wait for two more periods, in either kind of limit. */
const MINIMUM_S = (((ITEMS - REQUESTS) / REQUESTS) * PERIOD_MS + LATENCY_MS) / 1000;

const LIMITS = (['bucket', 'window'] as const).flatMap((kind) =>
	[true, false].map((retryAfter): LimitOptions & { name: string } => ({
		name: `${kind}, ${retryAfter ? 'Retry-After' : 'no Retry-After'}`,
		kind,
		retryAfter,
		requests: REQUESTS,
		perMs: PERIOD_MS,
	})),
);

interface Variant {
	name: string;
	peer: Peer;
	settings: PeerSettings;
}

/** As many tries as n8n allows, with the longest pause that it allows. */
const RETRY = { retryOnFail: true, maxTries: 5, waitBetweenTries: 5000 };

const inModes = (peer: Peer): Variant[] => [
	{ name: `${PEER_NAMES[peer]}, Stop`, peer, settings: {} },
	{
		name: `${PEER_NAMES[peer]}, Continue`,
		peer,
		settings: { node: { onError: 'continueRegularOutput' } },
	},
	{ name: `${PEER_NAMES[peer]}, Retry On Fail`, peer, settings: { node: RETRY } },
];

const OURS: Variant = { name: PEER_NAMES.gemma, peer: 'gemma', settings: {} };
const VARIANTS = [
	OURS,
	...inModes('httpRequest'),
	...inModes('chain'),
	// One by one it never comes near the limit, so its settings make no difference.
	{ name: `${PEER_NAMES.moonshot}, Stop`, peer: 'moonshot' as const, settings: {} },
];

/** 120 items through a limit of 40 requests in 6 seconds. */
export const limits: Benchmark = {
	id: 2,
	run: async ({ quick, hasPeers }: Setting) => {
		const figures: Figure[] = [];
		for (const limit of LIMITS) {
			const stub = await Stub.open({ latencyMs: LATENCY_MS, limit });
			for (const { name, peer, settings } of VARIANTS) {
				if (FROM_LANGCHAIN.includes(peer) && !hasPeers) continue;
				const times = quick ? 1 : peer === 'gemma' ? 3 : 2;
				const samples = await sampleEngine({ peer, settings, items: ITEMS }, stub, { times });
				const own = figuresOf(`${limit.name}: ${name}`, samples);
				tell(...own);
				figures.push(...own);
			}
			await stub.close();
		}
		return {
			id: 2,
			title: `${ITEMS} items through a limit of ${REQUESTS} requests in ${PERIOD_MS / 1000} s`,
			what: `What is beyond the limit is refused with 429 at once; an answer takes ${LATENCY_MS} ms. The bucket refills evenly, the window all at once. Nobody could be done before ${MINIMUM_S} s.`,
			figures,
			bars: barsFor(figures),
			notes: [
				'Retry On Fail stands at 5 tries, 5 s apart, the most that n8n allows; it runs all items again each time.',
				'Moonshot asks one by one, so slowly that it stays under the limit by itself.',
			],
			charted: 'Succeeded',
		};
	},
};

function figuresOf(name: string, samples: Sample[]): Figure[] {
	const times = samples.map(({ result }) => result.wallMs / 1000);
	const shares = samples.map(({ report }) => (100 * report.refused) / report.received);
	return [
		figure(
			name,
			'Succeeded',
			'items',
			samples.map(({ result }) => result.succeeded),
		),
		figure(name, 'Time', 's', times),
		figure(
			name,
			'Against the minimum',
			'×',
			times.map((seconds) => seconds / MINIMUM_S),
		),
		figure(
			name,
			'Refused',
			'requests',
			samples.map(({ report }) => report.refused),
		),
		figure(name, 'Wasted', '% of requests', shares),
	];
}

function barsFor(figures: Figure[]): Bar[] {
	const ours = figures.filter(({ variant }) => variant.endsWith(OURS.name));
	const of = (name: string) => ours.filter((one) => one.name === name);
	const inLimits = (name: string) =>
		LIMITS.map((limit) => medianOf(figures, `${limit.name}: ${OURS.name}`, name));
	const [ratios, shares] = [inLimits('Against the minimum'), inLimits('Wasted')];
	const fewest = Math.min(...of('Succeeded').map(({ min }) => min));
	return [
		{
			bar: `All ${ITEMS} items succeed, every time`,
			found: `at least ${fewest}`,
			met: fewest === ITEMS,
		},
		{
			bar: 'Within 1.15 × of the minimum, in each kind of limit',
			found: `${ratios.map(inDigits).join(', ')} ×`,
			met: ratios.every((ratio) => ratio <= 1.15),
		},
		{
			bar: 'At most 10 % of the requests wasted, in each kind of limit',
			found: `${shares.map(inDigits).join(', ')} %`,
			met: shares.every((share) => share <= 10),
		},
	];
}
