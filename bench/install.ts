import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { peersAreInstalled } from './peers/langchain';

/** @returns whether the peers of this folder's own package are there in the end. */
export async function installPeers(): Promise<boolean> {
	if (peersAreInstalled()) return true;
	console.log(
		"Installing n8n's language model nodes and the openai SDK into bench/node_modules: about 1.3 GB, two to four minutes, needed once.",
	);
	const npm = spawn('npm', ['ci', '--loglevel=error'], { cwd: __dirname, stdio: 'inherit' });
	// Without npm there is no exit.
	await Promise.race([once(npm, 'exit'), once(npm, 'error')]).catch(() => {});
	if (peersAreInstalled()) return true;
	console.log('That did not work; they are left out of this run.');
	return false;
}
