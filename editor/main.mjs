// The first step, in plain JavaScript: in a fresh clone nothing that reads TypeScript is there yet.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// A SIGTERM to npm ends npm and its shell, and reaches nobody behind them.
const parent = process.ppid;
const watch = setInterval(() => {
	if (process.ppid === parent) return;
	clearInterval(watch);
	process.kill(process.pid, 'SIGTERM');
}, 500);
watch.unref();

if (!existsSync(new URL('../node_modules/.package-lock.json', import.meta.url))) {
	console.log('Installing what this repository needs: 1.0 GB, a minute or two, needed once.');
	const npm = spawn(process.execPath, [process.env.npm_execpath, 'ci', '--loglevel=error'], {
		cwd: root,
		stdio: 'inherit',
	});
	process.once('SIGTERM', () => npm.kill());
	const [code] = await once(npm, 'exit');
	if (code !== 0) process.exit(code ?? 1);
}

await import('tsx');
await import('./start.ts');
