import type { INodeParameters } from 'n8n-workflow';

import { openChat, type Held } from '../support/chatServer';
import {
	items,
	message,
	openGemma,
	type GemmaBench,
	type GemmaRunOptions,
} from '../support/gemmaWorkflow';
import { until } from '../support/until';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
afterAll(async () => await gemma.close());

let chat: Awaited<ReturnType<typeof openChat>>;
afterEach(async () => await chat.close());

const numbered = (count: number) =>
	items(...Array.from({ length: count }, (_, index) => ({ text: `item ${index}` })));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);
const goOn = { onError: 'continueRegularOutput' as const };

/** Runs so many items against the chat server. */
const run = async (count: number, options: INodeParameters, rest: GemmaRunOptions = {}) =>
	await gemma.run(message('={{ $json.text }}', { options: { maxRetries: 0, ...options } }), {
		input: numbered(count),
		credential: { server: 'openAiCompatible', baseUrl: chat.url },
		...rest,
	});
const itemsAsked = () => chat.held.map(({ item }) => item);

/** Answers the newest of those in flight, and the others of the same five only after it. */
function newestFirst(width: number, count: number) {
	let waiting: Held[] = [];
	return (request: Held) => {
		waiting.push(request);
		const isLast = request.item === count - 1;
		if (waiting.length < width && !isLast) return;
		const all = waiting.reverse();
		waiting = [];
		all.forEach((each, index) => setTimeout(() => each.answer(), index * 10));
	};
}

describe('twenty items at a concurrency of five', () => {
	it('are never more than five in flight, and come out in input order all the same', async () => {
		chat = await openChat(newestFirst(5, 20));
		const { status, items: out } = await run(20, { concurrency: 5 });
		expect(status).toBe('success');
		expect(itemsAsked()).toHaveLength(20);
		expect(Math.max(...chat.held.map(({ inFlight }) => inFlight))).toBe(5);
		expect(out.map(({ json, pairedItem }) => [json.text, pairedItem])).toEqual(
			upTo(20).map((item) => [`answer to ${item}`, { item }]),
		);
	});

	it('start as soon as one of the five is done, whichever it is', async () => {
		chat = await openChat(({ item, answer }) => item !== 0 && answer());
		const running = run(20, { concurrency: 5 });
		await until('all but the first were asked and answered', () => chat.held.length === 20);
		chat.held.find(({ item }) => item === 0)?.answer();
		expect((await running).json.map(({ text }) => text)).toEqual(
			upTo(20).map((item) => `answer to ${item}`),
		);
	});
});

describe('the failure of item 3 of 10', () => {
	/** The first three are answered, item 3 is refused after them, and the rest never answered. */
	const third = async () => {
		const open = await openChat(({ item, answer }) => {
			if (item < 3) answer();
			if (open.held.length < 8) return;
			open.held.find((held) => held.item === 3)?.refuse(400, 'No such luck');
		});
		return open;
	};

	it('ends the run: the error names the item, and how many had their answers', async () => {
		chat = await third();
		const { status, error } = await run(10, { concurrency: 5 });
		expect(status).toBe('error');
		expect(error?.context.itemIndex).toBe(3);
		expect(error?.message).toBe(
			'No such luck (HTTP 400) [item 3; 3 of 10 items had their answers]',
		);
		expect(error?.description).toMatch(/^Change what the server's message names/);
		expect(error?.description).toContain("Set On Error to 'Continue'");
	});

	it('cancels those in flight, and starts nothing more', async () => {
		chat = await third();
		await run(10, { concurrency: 5 });
		await until('every connection is closed', () => chat.open === 0, 1000);
		expect(itemsAsked().sort((a, b) => a - b)).toEqual(upTo(8));
		const givenUp = chat.held.filter(({ isGivenUp }) => isGivenUp).map(({ item }) => item);
		expect(givenUp.sort((a, b) => a - b)).toEqual([4, 5, 6, 7]);
	});

	it('that had no answer before it gives no advice about answers', async () => {
		chat = await openChat(({ item, refuse }) => item === 0 && refuse(400, 'No'));
		const { error } = await run(3, { concurrency: 1 });
		expect(error?.message).toBe('No (HTTP 400) [item 0; 0 of 3 items had their answers]');
		expect(error?.description).not.toContain('Continue');
	});

	it('fails that one alone when the node continues', async () => {
		chat = await openChat(({ item, answer, refuse }) =>
			item % 4 === 3 ? refuse(400, `No ${item}`) : answer(),
		);
		const { status, items: out } = await run(10, { concurrency: 5 }, { node: goOn });
		expect(status).toBe('success');
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(upTo(10).map((item) => ({ item })));
		expect(out.map(({ json }) => json.error ?? json.text)).toEqual(
			upTo(10).map((item) => (item % 4 === 3 ? `No ${item} (HTTP 400)` : `answer to ${item}`)),
		);
		expect(out.filter(({ error }) => error)).toEqual([]);
	});
});

describe('Stop in the editor, with five of ten in flight', () => {
	it('closes all connections within a second, and starts nothing more', async () => {
		chat = await openChat();
		const controller = new AbortController();
		const running = run(10, { concurrency: 5 }, { signal: controller.signal, node: goOn });
		await until('five were asked', () => chat.held.length === 5);
		controller.abort();
		await until('every connection is closed', () => chat.open === 0, 1000);
		expect((await running).status).toBe('canceled');
		expect(chat.held.map(({ isGivenUp }) => isGivenUp)).toEqual(Array(5).fill(true));
	});

	it('ends a wait for a retry, and for the account’s limit, too', async () => {
		chat = await openChat(({ item, refuse }) => refuse(item === 0 ? 503 : 429, 'Later'));
		const controller = new AbortController();
		const running = run(4, { concurrency: 4, maxRetries: 9 }, { signal: controller.signal });
		await until('all were asked', () => chat.held.length >= 4);
		controller.abort();
		const stopped = Date.now();
		expect((await running).status).toBe('canceled');
		expect(Date.now() - stopped).toBeLessThan(1000);
	});
});
