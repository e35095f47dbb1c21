import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that runs beside the tests. */
export interface Program {
	readonly pid: number;
	/** The last of what it wrote, both streams together. */
	output(): string;
	isRunning(): boolean;
	/** Asks it to end, and after `graceMs` makes it. Resolves when it is gone. */
	stop(graceMs?: number): Promise<void>;
	/** Ends it without asking. Resolves when it is gone. */
	kill(): Promise<void>;
	/** Its exit code, or null when a signal ended it. */
	exit: Promise<number | null>;
}

export interface ProgramOptions {
	env?: NodeJS.ProcessEnv;
	cwd?: string;
	/** Another user of the machine to run as, by name. */
	user?: string;
	/** The signal that asks it to end; SIGTERM unless told. */
	signal?: NodeJS.Signals;
}

const MOST_OUTPUT = 400_000;
const GRACE_MS = 15_000;

const running = new Map<Program, ChildProcess>();

/** Starts a program that ends with this process, whatever ends this process. */
export function startProgram(
	command: string,
	args: string[],
	{ env = process.env, cwd, user, signal = 'SIGTERM' }: ProgramOptions = {},
): Program {
	endWithThisProcess();
	const [file, ...rest] = [...wrapper(user), command, ...args];
	const child = spawn(file, rest, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
	let output = '';
	const keep = (chunk: string) => (output = (output + chunk).slice(-MOST_OUTPUT));
	child.stdout.setEncoding('utf8').on('data', keep);
	child.stderr.setEncoding('utf8').on('data', keep);
	const exit = once(child, 'exit')
		.then(([code]) => code as number | null)
		.catch((error: unknown) => {
			keep(String(error));
			return null;
		})
		.finally(() => running.delete(program));
	const isRunning = () => running.has(program);
	const end = async (how: NodeJS.Signals, graceMs: number) => {
		if (!isRunning()) return;
		child.kill(how);
		const isGone = await Promise.race([
			exit.then(() => true),
			sleep(graceMs, false, { ref: false }),
		]);
		if (!isGone) child.kill('SIGKILL');
		await exit;
	};
	const program: Program = {
		pid: child.pid ?? -1,
		output: () => output,
		isRunning,
		stop: async (graceMs = GRACE_MS) => await end(signal, graceMs),
		kill: async () => await end('SIGKILL', GRACE_MS),
		exit,
	};
	running.set(program, child);
	return program;
}

/** On Linux the kernel ends a program with its parent, even when the parent is killed. */
function wrapper(user: string | undefined): string[] {
	if (process.platform !== 'linux') return [];
	const identity = user ? [`--reuid=${user}`, `--regid=${user}`, '--init-groups'] : [];
	return ['setpriv', '--pdeathsig', 'KILL', ...identity, '--'];
}

/** Asks all programs to end, the youngest first. */
export async function stopPrograms(): Promise<void> {
	for (const program of [...running.keys()].reverse()) await program.stop();
}

let isArmed = false;

function endWithThisProcess(): void {
	if (isArmed) return;
	isArmed = true;
	// Before the folders that they write to are removed.
	process.prependOnceListener('exit', () => {
		for (const child of running.values()) child.kill('SIGKILL');
	});
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(
			signal,
			() => void stopPrograms().finally(() => process.exit(process.exitCode ?? 1)),
		);
	}
}
