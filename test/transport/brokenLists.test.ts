import type { ServerResponse } from 'node:http';

import { listAssets } from '../../nodes/Gemma/transport/assetRecords';
import { uploadAsset } from '../../nodes/Gemma/transport/assets';
import type { Connection } from '../../nodes/Gemma/transport/connection';
import { listModels } from '../../nodes/Gemma/transport/models';
import type { Network } from '../../nodes/Gemma/transport/network';
import type { TimeLimit } from '../../nodes/Gemma/transport/timeLimit';
import { rejectionOf } from '../support/failure';
import { openHttp } from '../support/servers';
import { nvidia, useTransport } from '../support/transport';
import { until } from '../support/until';

const { keep, network, limit } = useTransport();

type Ask = (network: Network, connection: Connection, limit: TimeLimit) => Promise<unknown>;

const picture = { mediaType: 'image/png', length: 1, open: async () => Buffer.from('x') } as const;

/** Everything that reads a good reply as a whole. */
const ASKED: Array<[what: string, ask: Ask]> = [
	['the list of models', listModels],
	['the list of assets', listAssets],
	['a new asset', async (...parts) => await uploadAsset(parts[0], parts[1], picture, parts[2])],
];

describe.each(ASKED)('a reply with %s', (_, ask) => {
	/** Asks a server that sends half of a reply to the first request, and then does this. */
	const halfway = async (then: (response: ServerResponse) => void, within: TimeLimit) => {
		let asked = 0;
		const server = await keep(
			openHttp((request, response) => {
				request.resume();
				if (asked++ > 0) return void response.writeHead(404).end();
				response.writeHead(200, { 'content-length': '1000' }).write('{"data": [], "assets": [');
				setTimeout(() => then(response), 50);
			}),
		);
		const run = await network();
		const failure = rejectionOf(ask(run, nvidia(server.url), within));
		await until('it is asked', () => asked > 0);
		return await failure;
	};

	it('that the network cuts off is a failure of the network, which may pass', async () => {
		const { facts, transient } = await halfway((response) => response.destroy(), limit());
		expect(facts.kind).toBe('network');
		expect(transient).toBe(true);
	});

	it('that does not come to its end in time says which limit it was', async () => {
		const { facts } = await halfway(() => {}, limit({ timeout: 0.2 }));
		expect(facts).toEqual({ kind: 'timeLimit', limit: 'timeout', seconds: 0.2 });
	});

	it('is given up when the execution is stopped', async () => {
		const stop = new AbortController();
		const { facts } = await halfway(() => stop.abort(), limit({}, stop.signal));
		expect(facts).toEqual({ kind: 'cancelled' });
	});
});

it('an error page that breaks off tells what has come of it', async () => {
	const server = await keep(
		openHttp((_, response) => {
			response.writeHead(403, { 'content-length': '1000' }).write('Not for you');
			setTimeout(() => response.destroy(), 50);
		}),
	);
	const failure = await rejectionOf(listModels(await network(), nvidia(server.url), limit()));
	expect(failure.message).toBe('Not for you (HTTP 403)');
});
