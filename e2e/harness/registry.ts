import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { eventually } from './eventually';
import { environmentOf } from './install';
import { nodeOf } from './node';
import { freePort } from './ports';
import { startProgram } from './program';
import { temporaryFolder } from './temporary';
import { currentN8n, tools } from './versions';

const run = promisify(execFile);

/** A registry on 127.0.0.1 that has what is published to it, and all else from npm's usual one. */
export interface Registry {
	readonly url: string;
	/** @throws Error with what npm said. */
	publish(tarball: string, tag?: string): Promise<void>;
	/**
	 * For programs whose `npm` shall use it, whatever registry they name. n8n names the public one
	 * for community packages, and this one stands for that.
	 */
	environment(): Promise<NodeJS.ProcessEnv>;
	close(): Promise<void>;
}

/** @throws Error with what it wrote when it does not start. */
export async function startRegistry(): Promise<Registry> {
	const folder = temporaryFolder('registry');
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const { stdout } = await run('npm', ['config', 'get', 'registry']);
	const config = join(folder, 'config.yaml');
	await writeFile(config, configuration(stdout.trim()));
	const program = startProgram(
		nodeOf(currentN8n),
		[join(tools, 'node_modules/verdaccio/bin/verdaccio'), '-c', config, '-l', `127.0.0.1:${port}`],
		{ cwd: folder, env: environmentOf(currentN8n) },
	);
	await eventually('the registry answers', async () => {
		if (!program.isRunning()) throw new Error(program.output());
		return await fetch(`${url}/-/ping`)
			.then(({ ok }) => ok)
			.catch(() => false);
	});
	return {
		url,
		publish: async (tarball, tag = 'latest') => {
			const token = `--${url.slice('http:'.length)}/:_authToken=nobody`;
			await run('npm', ['publish', tarball, `--registry=${url}`, token, `--tag=${tag}`], {
				cwd: folder,
			});
		},
		environment: async () => await environmentFor(folder, url),
		close: async () => await program.stop(),
	};
}

const configuration = (uplink: string) => `
storage: ./storage
uplinks:
  npm:
    url: ${JSON.stringify(uplink)}
    timeout: 60s
packages:
  n8n-nodes-gemma:
    access: $all
    publish: $all
  '**':
    access: $all
    proxy: npm
log: { type: stdout, format: pretty, level: warn }
`;

/** A command `npm` that asks this registry, before the real one in the path. */
async function environmentFor(folder: string, url: string): Promise<NodeJS.ProcessEnv> {
	const { stdout } = await run('sh', ['-c', 'command -v npm']);
	const bin = join(folder, 'bin');
	await mkdir(bin, { recursive: true });
	await writeFile(join(bin, 'npm'), command(stdout.trim()));
	await chmod(join(bin, 'npm'), 0o755);
	const { PATH } = environmentOf(currentN8n);
	// Its own cache: what the public registry has under this name must not answer.
	const npm = { npm_config_registry: url, npm_config_cache: join(folder, 'cache') };
	return { ...npm, PATH: `${bin}${delimiter}${PATH}` };
}

const command = (npm: string) => `#!/bin/sh
for argument do
	shift
	case "$argument" in
		--registry=*) ;;
		*) set -- "$@" "$argument" ;;
	esac
done
exec ${JSON.stringify(npm)} "$@"
`;
