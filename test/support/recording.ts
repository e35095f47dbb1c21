import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One HTTP exchange with a real server, as it went over the socket. */
export interface Recording {
	/** What was sent; long ones are cut in the middle and say so. */
	request: string;
	/** Raw pieces of the reply as they arrived, with milliseconds since the request. */
	chunks: Array<{ atMs: number; bytes: Buffer }>;
	/** How it ended: `closed by server` or `ABORTED by client`. */
	ending: string;
}

const folder = join(__dirname, '../fixtures/recordings');

export const recordingNames = readdirSync(folder)
	.filter((file) => file.endsWith('.txt'))
	.map((file) => file.slice(0, -'.txt'.length))
	.sort();

/**
 * Reads a recording by its name without `.txt`. Replies are cut by the byte counts in their
 * headings: their own bytes may look like a heading.
 *
 * @throws Error when there is no such recording, or a byte count does not lead to the next heading
 */
export function loadRecording(name: string): Recording {
	const file = readFileSync(join(folder, `${name}.txt`));
	const chunks: Recording['chunks'] = [];
	// A request's lines end in CRLF and its body is JSON, so no heading can be inside it.
	let at = file.indexOf('\n### +') + 1;
	const [, request = ''] =
		/^### .*\n(?:### request .*\n)?([^]*)$/.exec(file.toString('utf8', 0, at)) ?? [];
	for (;;) {
		const heading = lineAt(file, at);
		const [, ending] = /^### \+[\d.]+ ms end: (.*)$/.exec(heading) ?? [];
		if (ending) return { request: request.trimEnd(), chunks, ending };
		const [, atMs, size] = /^### \+([\d.]+) ms {2}recv (\d+) bytes$/.exec(heading) ?? [];
		if (!size) throw new Error(`${name}: no heading at byte ${at}`);
		const start = at + heading.length + 1;
		const end = start + Number(size);
		chunks.push({ atMs: Number(atMs), bytes: file.subarray(start, end) });
		at = end + 1;
	}
}

function lineAt(file: Buffer, at: number): string {
	const end = file.indexOf('\n', at);
	return file.toString('utf8', at, end < 0 ? file.length : end);
}
