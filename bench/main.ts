import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { limits } from './benchmarks/limits';
import { overhead } from './benchmarks/overhead';
import { parallel } from './benchmarks/parallel';
import { pictures } from './benchmarks/pictures';
import { stream } from './benchmarks/stream';
import { installPeers } from './install';
import { readOptions } from './options';
import { toSvg } from './report/chart';
import { describeMachine } from './report/machine';
import { toMarkdown, verdict } from './report/markdown';
import { withEarlier, type Made } from './report/report';

const ALL = [parallel, limits, stream, overhead, pictures];

async function main(): Promise<void> {
	const options = readOptions(
		process.argv.slice(2),
		ALL.map(({ id }) => id),
	);
	const { quick } = options;
	const hasPeers = await installPeers();
	const made: Made[] = [];
	for (const { id, run } of ALL) {
		if (options.only && !options.only.includes(id)) continue;
		console.log(`Benchmark ${id}`);
		const date = new Date().toISOString();
		const outcome = await run({ quick, hasPeers });
		for (const { bar, found, met } of outcome.bars) {
			console.log(`  ${verdict(met)}: ${bar} (${found})`);
		}
		made.push({ ...outcome, date });
	}
	const report = withEarlier(
		{ machine: describeMachine(), quick, hasPeers, benchmarks: made },
		join(__dirname, 'results.json'),
	);
	const write = async (name: string, text: string) => await writeFile(join(__dirname, name), text);
	await write('results.json', `${JSON.stringify(report, null, '\t')}\n`);
	await write('results.md', toMarkdown(report));
	await write('results.svg', toSvg(report.benchmarks));
	console.log('Written: bench/results.md, bench/results.svg, bench/results.json');
}

// What was built and written for the run is removed when the process exits, not when it is killed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

main().catch((error: unknown) => {
	console.error(error);
	// Stubs and workers end with this process, whatever they are at.
	process.exit(1);
});
