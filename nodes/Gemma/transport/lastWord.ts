import { setTimeout as sleep } from 'node:timers/promises';

import type { Reply } from './exchange';

/**
 * Milliseconds that a reply is waited for behind its last word: its usage may follow, and its end.
 * Some servers send neither, and keep the connection open.
 */
const GRACE_MS = 2000;

/** What puts a reply together. */
interface Reader {
	feed(text: string): void;
	end(rest: string): void;
	/** The server has said that nothing more comes. */
	readonly done: boolean;
	/** Grows with what belongs to the reply, not with what only keeps its connection alive. */
	readonly progress: number;
	/** Whether that was its last word, as far as can be told at every chunk. */
	readonly seemsWhole: boolean;
	/** Whether it was. */
	readonly isWhole: boolean;
}

/**
 * Gives the reader the body up to its end, or up to the last word and a short while of nothing.
 *
 * @throws what the reader or the connection throws.
 */
export async function readToLastWord(reader: Reader, reply: Reply): Promise<void> {
	const decoder = new TextDecoder();
	const chunks = reply.chunks();
	let waits = false;
	let progress = 0;
	let since = 0;
	try {
		while (!reader.done) {
			const coming = chunks.next();
			waits = true;
			if (reader.seemsWhole) {
				if (reader.progress !== progress) since = performance.now();
				progress = reader.progress;
				const graceMs = Math.max(0, since + GRACE_MS - performance.now());
				if (!(await comesWithin(coming, graceMs))) {
					if (reader.isWhole) return;
					since = performance.now();
				}
			}
			const { done, value } = await coming;
			waits = false;
			if (done) break;
			reader.feed(decoder.decode(value, { stream: true }));
		}
		reader.end(decoder.decode());
	} finally {
		// Who still listens to a body keeps the rest of it from being read away, and its connection
		// from being used again.
		const left = chunks.return(undefined).catch(() => undefined);
		if (!waits) await left;
	}
}

/** A failure counts as coming: who awaits it next meets it. */
async function comesWithin(coming: Promise<unknown>, milliseconds: number): Promise<boolean> {
	const timer = new AbortController();
	const came = coming.then(
		() => true,
		() => true,
	);
	const { signal } = timer;
	return await Promise.race([came, sleep(milliseconds, false, { signal })]).finally(() =>
		timer.abort(),
	);
}
