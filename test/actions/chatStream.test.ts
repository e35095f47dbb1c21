import fc from 'fast-check';
import type { IExecuteFunctions } from 'n8n-workflow';

import { BrokenOff, ChatStream, openChatStream } from '../../nodes/Gemma/actions/chatStream';
import { asCaught, Caught, Failure } from '../../nodes/Gemma/failure';
import { splitReasoning } from '../../nodes/Gemma/reply/reasoning';
import type { Work } from '../../nodes/Gemma/actions/work';
import { Redactor } from '../../nodes/Gemma/transport/redact';

type Sent = [type: string, text?: string];

function open({ redactor = new Redactor(), wordByWord = true, tellsFailures = true } = {}) {
	const sent: Sent[] = [];
	const send = (...chunk: Sent) => void sent.push(chunk);
	return { sent, chat: new ChatStream(send, redactor, wordByWord, tellsFailures) };
}

const textOf = (sent: Sent[]) =>
	sent
		.filter(([type]) => type === 'item')
		.map(([, text]) => text)
		.join('');

const answerIn = (content: string) => splitReasoning({ role: 'assistant', content }).text;

const SECRET = ['nvapi', 'abcabcab', '0123'].join('-');
/** Contains the beginning of itself and of the other one. */
const OTHER = `${SECRET.slice(0, 12)}${SECRET}`;

/** What may become a secret or a think block, and what only looks like one. */
const word = fc.oneof(
	fc.constantFrom(SECRET, OTHER, SECRET.slice(0, 9), SECRET.slice(9), '<think>', '</think>'),
	fc.constantFrom(' ', '\n', '<', '<thi', 'nk>', '</', 'abcabcab', '[hidden]', 'a < b'),
	fc.string({ maxLength: 5, unit: 'grapheme' }),
);
const content = fc.array(word, { maxLength: 15 }).map((words) => words.join(''));
const cutUp = (text: string, lengths: number[]) => {
	const pieces: string[] = [];
	for (let at = 0, next = 0; at < text.length; next++) {
		const length = lengths[next % lengths.length];
		pieces.push(text.slice(at, at + length));
		at += length;
	}
	return pieces;
};
const lengths = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });

it('whatever a model writes, and in whatever pieces, the chunks joined are the text of the output', () => {
	fc.assert(
		fc.property(content, lengths, fc.boolean(), (written, sizes, wordByWord) => {
			const redactor = new Redactor();
			redactor.hide(SECRET);
			redactor.hide(OTHER);
			const { chat, sent } = open({ redactor, wordByWord });
			const onText = chat.listener();
			for (const piece of cutUp(written, sizes)) {
				onText?.(piece);
				expect(textOf(sent)).not.toContain(SECRET);
				expect(redactor.reply(answerIn(written)).startsWith(textOf(sent))).toBe(true);
			}
			chat.finish(answerIn(written));
			expect(textOf(sent)).toBe(redactor.reply(answerIn(written)));
			expect(sent.map(([type]) => type).filter((type) => type !== 'item')).toEqual([
				'begin',
				'end',
			]);
			expect([sent[0], sent.at(-1)]).toEqual([['begin'], ['end']]);
		}),
	);
});

it('what is plain is shown at once', () => {
	const { chat, sent } = open();
	const onText = chat.listener();
	onText?.('Good');
	onText?.(' morning');
	expect(sent).toEqual([['begin'], ['item', 'Good'], ['item', ' morning']]);
});

it('the beginning of a secret waits for what follows, and is shown when that is another word', () => {
	const redactor = new Redactor();
	redactor.hide(SECRET);
	const { chat, sent } = open({ redactor });
	const onText = chat.listener();
	onText?.('Keys: nvapi-');
	expect(textOf(sent)).toBe('Keys: ');
	onText?.('something');
	expect(textOf(sent)).toBe('Keys: nvapi-something');
});

it('thinking is not shown, nor what may become thinking', () => {
	const { chat, sent } = open();
	const onText = chat.listener();
	for (const piece of [' <th', 'ink>Well', ', hm', '.</th', 'ink>', '\n', '\nYes']) onText?.(piece);
	expect(textOf(sent)).toBe('Yes');
});

it('a reply that came whole is one chunk', () => {
	const { chat, sent } = open();
	chat.listener();
	chat.finish('All of it');
	expect(sent).toEqual([['begin'], ['item', 'All of it'], ['end']]);
});

it('an empty reply begins and ends', () => {
	const { chat, sent } = open();
	chat.finish('');
	expect(sent).toEqual([['begin'], ['end']]);
});

it('what was shown stays, when the whole reply turns out to be another one', () => {
	const { chat, sent } = open();
	chat.listener()?.('One');
	chat.finish('Another');
	expect(sent).toEqual([['begin'], ['item', 'One'], ['end']]);
});

describe('a failure', () => {
	const failure = new Failure({ kind: 'brokenReply' }, `It broke at ${SECRET}`, 'Again.', {
		transient: true,
	});
	const failed = async (chat: ChatStream) =>
		await Promise.reject(failure)
			.catch((error: unknown) => chat.failed(error))
			.catch(asCaught);

	it('before anything was shown is as it was, and the next request begins anew', async () => {
		const { chat, sent } = open();
		chat.listener()?.('<think>Hm');
		const outcome = await failed(chat);
		expect((outcome as Caught).error).toBe(failure);
		chat.listener()?.('Yes');
		expect(sent).toEqual([['begin'], ['item', 'Yes']]);
	});

	it('after that is final, is told without secrets, and carries what was shown', async () => {
		const redactor = new Redactor();
		redactor.hide(SECRET);
		const { chat, sent } = open({ redactor });
		chat.listener()?.('Good mor nvapi-abc');
		const { error } = (await failed(chat)) as Caught;
		expect(error).toBeInstanceOf(BrokenOff);
		expect((error as BrokenOff).cause).toMatchObject({
			facts: failure.facts,
			text: 'Good mor ',
			transient: true,
		});
		expect(sent.slice(-1)).toEqual([['error', 'It broke at [hidden]']]);
	});

	it('that ends the run is told by n8n itself', async () => {
		const { chat, sent } = open({ tellsFailures: false });
		chat.listener()?.('Good mor');
		expect(((await failed(chat)) as Caught).error).toBeInstanceOf(BrokenOff);
		expect(sent).toEqual([['begin'], ['item', 'Good mor']]);
	});

	it('that is none of ours is as it was', async () => {
		const { chat } = open();
		chat.listener()?.('Good mor');
		const other = new TypeError('a mistake');
		expect(() => chat.failed(other)).toThrow(other);
	});
});

describe('there is a chat to stream to', () => {
	const opened = (context: Partial<IExecuteFunctions>, type = 'n8n-nodes-gemma.gemma') => {
		const all = {
			getNode: () => ({ type }),
			getInputData: () => [{ json: {} }],
			continueOnFail: () => false,
			...context,
		};
		const session = { connection: { redactor: new Redactor() } };
		return openChatStream({ context: all, session, itemIndex: 0 } as unknown as Work);
	};

	it('when n8n says so', () => {
		expect(opened({ isStreaming: () => true })).toBeInstanceOf(ChatStream);
		expect(opened({ isStreaming: () => false })).toBeUndefined();
	});

	it('never for an agent’s tool', () => {
		expect(opened({ isStreaming: () => true }, 'n8n-nodes-gemma.gemmaTool')).toBeUndefined();
	});

	it('and when it was closed, the reply goes on without it', () => {
		const sendChunk = () => Promise.reject(new Error('write after end'));
		expect(() => opened({ isStreaming: () => true, sendChunk })?.finish('Yes')).not.toThrow();
	});
});
