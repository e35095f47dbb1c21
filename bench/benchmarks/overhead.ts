import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';

import { Worker } from '../jobs/worker';
import type { CallsResult, EngineResult } from '../jobs/types';
import { figure, inDigits, type Figure } from '../measure/figure';
import type { Peer } from '../peers/types';
import { Stub } from '../stubs/stub';
import { medianOf, repeat, tell } from './sampling';
import type { Bar, Benchmark, Setting } from './types';

const CALLS = 200;
const OURS = 'Gemma (this node), in the engine';
const BARE = 'undici.request';
const QUESTION = 'What is in this item?';

type Start = (url: string, environment: object) => Promise<Worker<EngineResult | CallsResult>>;

/** Without expressions: n8n takes longer for one than any client for a call. */
const PARAMETERS = {
	gemma: {
		messages: { values: [{ role: 'user', content: QUESTION }] },
		options: { concurrency: 1 },
	},
	helper: {
		body: { model: 'google/gemma-3-27b-it', messages: [{ role: 'user', content: QUESTION }] },
	},
} satisfies Partial<Record<Peer, INodeParameters>>;

const inEngine =
	(peer: keyof typeof PARAMETERS): Start =>
	async (url, environment) => {
		const settings = { parameters: PARAMETERS[peer] };
		return await Worker.engine({ peer, url, items: CALLS, settings }, environment);
	};
const alone =
	(client: 'transport' | 'undici'): Start =>
	async (url, environment) =>
		await Worker.calls({ client, url, calls: CALLS }, environment);

const VARIANTS: Array<[name: string, start: Start]> = [
	[OURS, inEngine('gemma')],
	["This node's transport, alone", alone('transport')],
	['httpRequestWithAuthentication, in the engine', inEngine('helper')],
	[BARE, alone('undici')],
];

/** Everybody trusts the tests' authority this way. */
const ca = join(__dirname, '../../test/fixtures/certificates/ca.cert.pem');

/** What a call costs when the server answers at once, 200 calls one after the other. */
export const overhead: Benchmark = {
	id: 4,
	run: async ({ quick }: Setting) => {
		const figures: Figure[] = [];
		for (const tls of [false, true]) {
			const stub = await Stub.open({ tls });
			for (const [name, start] of VARIANTS) {
				const worker = await start(stub.url, tls ? { NODE_EXTRA_CA_CERTS: ca } : {});
				await repeat(worker, stub, 3);
				const samples = await repeat(worker, stub, quick ? 3 : 15);
				await worker.end();
				const variant = tls ? `${name}, TLS` : name;
				const cpu = samples.map(({ result }) => result.cpuMs / CALLS);
				const wall = samples.map(({ result }) => result.wallMs / CALLS);
				const connections = samples.map(({ report }) => report.connections);
				const own = [
					figure(variant, 'CPU a call', 'ms', cpu),
					figure(variant, 'Time a call', 'ms', wall),
					figure(variant, 'Connections opened', `for ${CALLS} calls`, connections),
				];
				tell(...own);
				figures.push(...own);
			}
			await stub.close();
		}
		return {
			id: 4,
			title: 'Overhead of one call',
			what: `${CALLS} calls one after the other, to a server that answers at once. In the engine a call is an item, and what n8n does for it counts.`,
			figures,
			bars: barsFor(figures),
			notes: [],
			charted: 'CPU a call',
		};
	},
};

function barsFor(figures: Figure[]): Bar[] {
	const ending = ['', ', TLS'];
	const opened = ending.map((end) => medianOf(figures, `${OURS}${end}`, 'Connections opened'));
	const extra = ending.map(
		(end) =>
			medianOf(figures, `${OURS}${end}`, 'CPU a call') -
			medianOf(figures, `${BARE}${end}`, 'CPU a call'),
	);
	return [
		{
			bar: 'Connections are reused, over TLS too',
			found: `${opened.map(inDigits).join(' and ')} for ${CALLS} calls`,
			met: opened.every((connections) => connections <= 2),
		},
		{
			bar: 'Under 1 ms of CPU a call over bare undici, in the engine',
			found: `${extra.map(inDigits).join(' ms, over TLS ')} ms`,
			met: extra.every((milliseconds) => milliseconds < 1),
		},
	];
}
