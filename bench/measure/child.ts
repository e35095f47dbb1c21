import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export interface Reply {
	value?: unknown;
	error?: string;
}

/** Thrown when a child did not answer in time; it has been ended. */
export class TookTooLong extends Error {}

/** Everything is on this machine. */
const NO_PROXY = Object.fromEntries(
	['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [name, undefined]),
);

/** A program of this folder in a process of its own, which answers one message at a time. */
export class Child {
	private constructor(
		private readonly child: ChildProcess,
		private readonly program: string,
	) {}

	/** @param program path of a file that calls `serve`; TypeScript is translated on the way. */
	static start(program: string, environment: NodeJS.ProcessEnv = {}): Child {
		const child = fork(program, [], {
			execArgv: ['--expose-gc', ...(program.endsWith('.ts') ? ['--import', 'tsx'] : [])],
			env: { ...process.env, ...NO_PROXY, ...environment },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		return new Child(child, program);
	}

	/**
	 * Sends a message and waits for its answer.
	 *
	 * @throws TookTooLong after `timeoutMs`; Error when the child failed or ended.
	 */
	async ask<Answer>(message: object, timeoutMs = 600_000): Promise<Answer> {
		const waiting = new AbortController();
		const timer = setTimeout(() => waiting.abort(), timeoutMs);
		const { signal } = waiting;
		const ended = once(this.child, 'exit', { signal }).then(([code, killer]) => {
			throw new Error(`${this.program} ended with ${String(code ?? killer)}`);
		});
		try {
			const answered = once(this.child, 'message', { signal });
			this.child.send(message);
			const [reply] = (await Promise.race([answered, ended])) as [Reply];
			if (reply.error !== undefined) throw new Error(reply.error);
			return reply.value as Answer;
		} catch (error) {
			if ((error as Error).name !== 'AbortError') throw asError(error);
			this.child.kill('SIGKILL');
			throw tookTooLong(timeoutMs);
		} finally {
			clearTimeout(timer);
			// Whichever did not come is not waited for any more.
			ended.catch(() => {});
			waiting.abort();
		}
	}

	/** Lets the child end by itself, and sees to it when it does not. */
	async end(): Promise<void> {
		const { child } = this;
		if (child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, 'exit');
		const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
		if (child.connected) child.disconnect();
		await exit;
		clearTimeout(timer);
	}
}

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
const tookTooLong = (timeoutMs: number) =>
	new TookTooLong(`Not over after ${timeoutMs / 1000} seconds`);

/** The child's side: answers each message, and calls `close` when the parent hangs up. */
export function serve<Message>(
	answer: (message: Message) => Promise<unknown>,
	close: () => Promise<void>,
): void {
	process.on('message', (message) => {
		answer(message as Message).then(
			(value) => process.send?.({ value } satisfies Reply),
			(error: unknown) =>
				process.send?.({ error: asError(error).stack ?? String(error) } satisfies Reply),
		);
	});
	process.once('disconnect', () => {
		// Clients of a stub may hold connections, and libraries timers, that would keep the process.
		void close().finally(() => process.exit());
	});
}
