import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';

import { headersOf, nodeOf } from './node';
import { npmCommand } from './npm';
import { startProgram } from './program';
import { tools, type N8nVersion } from './versions';

const PROGRESS_MS = 20_000;

/**
 * Installs what the tests need beside n8n, unless it is there.
 *
 * @throws Error with what npm said.
 */
export async function installTools(): Promise<void> {
	await install({
		what: 'Node.js 24 and a local registry',
		folder: tools,
		cost: '300 MB, a minute',
	});
}

/**
 * Installs a release of n8n, unless it is there: install scripts off, its native code compiled.
 *
 * @throws Error with what npm said.
 */
export async function installN8n(version: N8nVersion): Promise<void> {
	const { name, folder, cost, rebuild } = version;
	await install({ what: `n8n ${name}`, folder, cost, rebuild, env: environmentOf(version) });
}

/**
 * For programs that have to run under the `node` of this release: this process's environment
 * without the settings that jest makes, or somebody for an n8n of his own.
 */
export function environmentOf(version: N8nVersion): NodeJS.ProcessEnv {
	const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
	const PATH = `${dirname(nodeOf(version))}${delimiter}${process.env.PATH}`;
	return { ...Object.fromEntries(own), ...headersOf(version), PATH };
}

const FOREIGN = /^(N8N_|DB_|EXECUTIONS_|QUEUE_|NODE_ENV$|NODE_OPTIONS$|JEST_)/;

interface Install {
	what: string;
	folder: string;
	cost: string;
	rebuild?: string[];
	env?: NodeJS.ProcessEnv;
}

async function install({ what, folder, cost, rebuild = [], env }: Install): Promise<void> {
	const stamp = join(folder, 'node_modules/.complete');
	const lockfile = readFileSync(join(folder, 'package-lock.json'), 'utf8');
	const wanted = createHash('sha256').update(lockfile).digest('hex');
	if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;

	console.log(`Installing ${what}: ${cost}, needed once.`);
	const began = performance.now();
	const quiet = showProgress(folder, Object.keys(JSON.parse(lockfile).packages));
	try {
		// With the scripts on, some package would fetch and compile sources of its own.
		await npm(folder, ['ci', '--ignore-scripts', '--prefer-offline'], env);
		if (rebuild.length > 0)
			await npm(folder, ['rebuild', '--ignore-scripts=false', ...rebuild], env);
	} finally {
		quiet();
	}
	await writeFile(stamp, wanted);
	console.log(`Installed ${what} in ${((performance.now() - began) / 60_000).toFixed(1)} minutes.`);
}

async function npm(cwd: string, args: string[], env: NodeJS.ProcessEnv | undefined): Promise<void> {
	const [file, ...first] = npmCommand();
	const program = startProgram(file, [...first, ...args, '--loglevel=error'], { cwd, env });
	if ((await program.exit) === 0) return;
	throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${program.output()}`);
}

/** Says from time to time how much is there. @returns what ends it. */
function showProgress(folder: string, packages: string[]): () => void {
	const began = performance.now();
	const timer = setInterval(() => {
		const there = packages.filter((path) => path && existsSync(join(folder, path, 'package.json')));
		const percent = Math.round((100 * there.length) / packages.length);
		const seconds = Math.round((performance.now() - began) / 1000);
		console.log(`  ${seconds} s: ${percent} % of ${packages.length} packages`);
	}, PROGRESS_MS);
	return () => clearInterval(timer);
}
