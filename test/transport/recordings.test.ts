import { rejectionOf } from '../support/failure';
import { loadRecording, recordingNames, replay, type ReplayOptions } from '../support/replay';
import { partsOf, useTransport } from '../support/transport';

const { ask, keep } = useTransport();

interface Expected {
	status: number;
	/** Text of each choice, by its index. */
	texts: string[];
	finishReasons: Array<string | null>;
	usage: unknown;
	error: string | undefined;
}

/** Reads a recording by the plainest means: HTTP framing by hand, events by their prefix. */
function plainlyRead(name: string): Expected {
	const bytes = Buffer.concat(loadRecording(name).chunks.map((chunk) => chunk.bytes));
	const headEnd = bytes.indexOf('\r\n\r\n');
	const head = bytes.toString('latin1', 0, headEnd);
	const raw = bytes.subarray(headEnd + 4);
	const body = (/chunked/i.test(head) ? unchunked(raw) : raw).toString('utf8');
	const objects = body.startsWith('data:')
		? body
				.split('\n')
				.filter((line) => line.startsWith('data: {'))
				.map((line) => JSON.parse(line.slice('data: '.length)))
		: [JSON.parse(body)];
	const choices = objects.flatMap((object) => object.choices ?? []);
	const count = Math.max(0, ...choices.map(({ index }) => index + 1));
	const ofEach = Array.from({ length: count }, (_, index) =>
		choices.filter((choice) => choice.index === index),
	);
	return {
		status: Number(head.split(' ')[1]),
		texts: ofEach.map((own) =>
			own.map(({ delta, message }) => (delta ?? message).content ?? '').join(''),
		),
		finishReasons: ofEach.map((own) => own.at(-1).finish_reason),
		usage: objects.at(-1).usage,
		error: objects[0].error?.message,
	};
}

function unchunked(raw: Buffer): Buffer {
	const parts: Buffer[] = [];
	for (let at = 0; at < raw.length; ) {
		const lineEnd = raw.indexOf('\r\n', at);
		const size = parseInt(raw.toString('latin1', at, lineEnd), 16);
		parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
		at = lineEnd + 2 + size + 2;
	}
	return Buffer.concat(parts);
}

const chats = recordingNames.filter((name) => {
	const { request, ending } = loadRecording(name);
	return /^POST \S+ /.test(request) && ending === 'closed by server';
});
const replies = chats.filter((name) => plainlyRead(name).status === 200);
const errors = chats.filter((name) => plainlyRead(name).status !== 200);

/** Long recordings are cut in fewer ways: each byte is a write of its own. */
function cutsOf(name: string): Array<NonNullable<ReplayOptions['cut']>> {
	const seeds = loadRecording(name).chunks.length > 50 ? [] : [1, 2, 3, 4, 5];
	return ['recorded', 'bytes', ...seeds.map((seed) => ({ seed }))];
}

it('holds replies of both kinds, and errors', () => {
	expect(replies.length).toBeGreaterThanOrEqual(30);
	expect(replies.filter((name) => name.includes('stream')).length).toBeGreaterThanOrEqual(4);
	expect(errors.length).toBeGreaterThanOrEqual(15);
});

describe.each(replies)('the recorded reply %s', (name) => {
	it('is read exactly, however the network cuts it', async () => {
		const expected = plainlyRead(name);
		for (const cut of cutsOf(name)) {
			const { url } = await keep(replay(loadRecording(name), { cut }));
			const { choices, usage, object, model } = await ask(url);
			expect(choices.map(({ message }) => message.content)).toEqual(expected.texts);
			expect(choices.map((choice) => choice.finish_reason)).toEqual(expected.finishReasons);
			expect(usage).toEqual(expected.usage);
			expect([object, model]).toEqual(['chat.completion', 'google/gemma-3-27b-it']);
		}
	}, 90_000);
});

const causes: Record<string, [string, string]> = {
	'06-roles-unknown': ['systemRole', 'Conversation roles must alternate user/assistant'],
	'06-roles-user-user': ['systemRole', 'Conversation roles must alternate user/assistant'],
	'07-bad-json': ['request', 'parse error at line 1, column 29'],
	'08-image-bad-base64': ['request', 'Failed to load image or audio file'],
	'08-image-html-mime': ['request', 'Invalid uri format: data:text/html;base64'],
	'09-textonly-image': ['vision', 'image input is not supported'],
	'10-ctx-overflow': ['context', 'exceeds the available context size (512 tokens)'],
	'11-key-missing': ['key', 'Invalid API Key'],
	'11-key-wrong': ['key', 'Invalid API Key'],
	'14-404': ['path', 'File Not Found'],
};

describe.each(errors)('the recorded error %s', (name) => {
	it('says the server’s words and status, and is no reason to ask again', async () => {
		const { status, error = '' } = plainlyRead(name);
		const [cause, words] = causes[name] ?? ['request', error];
		for (const cut of ['recorded', 'bytes'] as const) {
			const { url } = await keep(replay(loadRecording(name), { cut }));
			const { facts, message, transient } = partsOf(await rejectionOf(ask(url)));
			expect(facts).toEqual({ kind: 'refused', cause, status });
			expect(message).toContain(words);
			expect(message).toMatch(new RegExp(` \\(HTTP ${status}\\)$`));
			expect(transient).toBe(false);
		}
	});
});

it('a recording that was cut off in the middle is a failure, not half an answer', async () => {
	const { url } = await keep(replay(loadRecording('15-abort-midstream')));
	const { facts, transient } = partsOf(await rejectionOf(ask(url)));
	expect(facts.kind).toBe('network');
	expect(transient).toBe(true);
});
