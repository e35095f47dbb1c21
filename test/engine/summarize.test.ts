import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { completionOf } from '../support/completion';
import { byId, items, openGemma, type GemmaBench } from '../support/gemmaWorkflow';

let gemma: GemmaBench;
beforeAll(async () => {
	gemma = await openGemma();
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const summarize = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'text',
	operation: 'summarize',
	text: '={{ $json.text }}',
	...more,
});
const prompts = () => gemma.bodies().map(({ messages }) => String(messages[0].content));

/** The next reply of the model is longer than its tokens. */
const cutOffNext = () =>
	gemma.sandbox.fault({
		match: { path: '/v1/chat' },
		status: 200,
		body: completionOf({ content: 'Much' }, { finishReason: 'length' }),
	});

const chapter = (number: number, sentences = 40) =>
	`Chapter ${number} tells what happened in the village that year. `.repeat(sentences);
const book = (chapters: number) =>
	Array.from({ length: chapters }, (_, index) => chapter(index + 1)).join('\n\n');
/** Entries as an RSS node gives them. */
const entries = (count: number) =>
	items(
		...Array.from({ length: count }, (_, index) => ({
			text: `Headline number ${index}\nThe council of town ${index} has decided on a new bridge, which is to open in spring. It will cost more than was planned, and the vote was close.`,
		})),
	);
const paired = ({ pairedItem }: INodeExecutionData) => pairedItem;
const promptTokens = () =>
	gemma.bodies().map(({ messages }) => Math.ceil(String(messages[0].content).length / 4));

describe('each item', () => {
	it('has its own summary, in one request, in the simplified form', async () => {
		const { json, items: out } = await gemma.run(summarize(), {
			input: items({ text: 'One thing.' }, { text: 'Another.' }),
		});
		expect(json).toEqual(
			[0, 1].map(() => ({
				text: expect.stringContaining('sandbox'),
				model: 'google/gemma-3-27b-it',
				finishReason: 'stop',
				usage: expect.objectContaining({ totalTokens: expect.any(Number) }),
			})),
		);
		expect(out.map(paired)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(prompts()[1]).toMatch(/Material:\n\nAnother\.$/);
	});

	it('is asked for as the fields say', async () => {
		await gemma.run(
			summarize({
				style: 'custom',
				instruction: 'List all decisions.',
				lengthInWords: 300,
				language: 'German',
				focus: 'prices',
			}),
			{ input: items({ text: 'Text.' }) },
		);
		const [prompt] = prompts();
		for (const part of ['List all decisions.', '300 words', 'German', 'prices']) {
			expect(prompt).toContain(part);
		}
		expect(gemma.bodies()[0].max_tokens).toBe(900);
		await gemma.run(summarize({ lengthInWords: 300, options: { maxTokens: 400 } }), {
			input: items({ text: 'Text.' }),
		});
		expect(gemma.bodies()[1].max_tokens).toBe(400);
	});

	it('gives the whole completion when it is not simplified', async () => {
		const { json } = await gemma.run(summarize({ simplify: false }), {
			input: items({ text: 'Text.' }),
		});
		expect(json[0]).toMatchObject({ object: 'chat.completion', choices: [{ index: 0 }] });
	});

	it.each<[string, INodeParameters, RegExp]>([
		['an empty text', { text: ' ' }, /^Text is empty$/],
		['no instruction', { style: 'custom' }, /^Instruction is empty/],
		['an odd style', { style: '={{ "poem" }}' }, /^Style holds "poem"$/],
		['an odd length', { lengthInWords: '={{ "long" }}' }, /^Length in Words holds "long"/],
		['a tiny context', { options: { contextTokens: 200 } }, /200 tokens has no room/],
	])('with %s is refused before anything is sent', async (_, more, message) => {
		const { error } = await gemma.run(summarize(more), { input: items({ text: 'Text.' }) });
		expect(error?.message).toMatch(message);
		expect(error?.description).toBeTruthy();
		expect(gemma.chats()).toHaveLength(0);
	});
});

describe('a file', () => {
	const fromFile = summarize({ source: 'binary', binaryPropertyName: 'note' });
	const run = async (name: string, bytes: Buffer) =>
		await gemma.run(fromFile, { input: [await gemma.item({ [name]: bytes })] });

	it.each([
		['note.txt', Buffer.from('\ufeffGrüße', 'utf16le'), 'Grüße'],
		['note.md', Buffer.from('# Title\n\nWords'), '# Title\n\nWords'],
		['note.csv', Buffer.from('a,b\n1,2'), 'a,b\n1,2'],
		['note.html', Buffer.from('<h1>Title</h1><p>Words &amp; more</p>'), 'Title\n\nWords & more'],
	])('%s is read', async (name, bytes, text) => {
		const { error } = await run(name, bytes);
		expect(error).toBeUndefined();
		expect(prompts()[0].split('Material:\n\n')[1].trim()).toBe(text);
	});

	it.each([
		'BMW Group reports',
		'FORM 10-K',
		'MZ 250',
		'GIF files',
		'ID3 tags',
		'OTTO Group',
		'CWS report',
		'MSCF is',
		'BZh is',
		'MThd ü',
	])('that begins with %p is a text, whatever else begins so', async (start) => {
		const text = `${start} and more, with several sentences. And another. `.repeat(20).trim();
		const { error } = await run('note.txt', Buffer.from(text));
		expect(error).toBeUndefined();
		expect(prompts()[0]).toContain(text);
	});

	it.each<[string, string, Buffer, string]>([
		['its type', 'text/plain; charset=windows-1251', Buffer.from([0xcc, 0xe8, 0xf0]), 'Мир'],
		['its type', 'text/csv;charset="Shift_JIS"', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), '日本'],
		[
			'its page',
			'text/html',
			Buffer.concat([
				Buffer.from('<html><head><meta charset="windows-1251"></head><body>'),
				Buffer.from([0xcc, 0xe8, 0xf0]),
			]),
			'Мир',
		],
	])('is read in the charset that %s names (%s)', async (_, mimeType, bytes, text) => {
		const note = { ...(await gemma.engine.binary(bytes, 'note', mimeType)), mimeType };
		const { error } = await gemma.run(fromFile, { input: [{ json: {}, binary: { note } }] });
		expect(error).toBeUndefined();
		expect(prompts()[0].split('Material:\n\n')[1].trim()).toBe(text);
	});

	it('may be named by expression, as an array', async () => {
		const named = { source: 'binary', binaryPropertyName: '={{ Object.keys($binary) }}' };
		const input = [await gemma.item({ 'note.txt': Buffer.from('Words') })];
		const { error } = await gemma.run(summarize(named), { input });
		expect(error).toBeUndefined();
		expect(prompts()[0]).toContain('Words');
	});

	it('is one: several are refused, with what to do', async () => {
		const named = { source: 'binary', binaryPropertyName: 'note, other' };
		const input = [await gemma.item({ 'note.txt': Buffer.from('Words') })];
		const { error } = await gemma.run(summarize(named), { input });
		expect(error?.message).toMatch(/holds 2 names/);
		expect(error?.description).toMatch(/All Items Together/);
		expect(gemma.chats()).toHaveLength(0);
	});

	it.each<[string, Buffer, RegExp]>([
		['note.pdf', Buffer.from('%PDF-1.7\n1 0 obj'), /holds a file of type application\/pdf/],
		['note.rtf', Buffer.from('{\\rtf1 Words}'), /holds a file of type application\/rtf/],
		['note.ps', Buffer.from('%!PS-Adobe-3.0\n'), /holds a file of type application\/postscript/],
		['note.eps', Buffer.from('%!PS-Adobe-3.0 EPSF-3.0\n'), /holds a file of type application\/eps/],
		['note.bmp', Buffer.from('BM\x01\x02 with control characters'), /of type image\/bmp/],
		['note.bin', Buffer.from([1, 0, 2, 0]), /holds no text that can be read/],
		['note.txt', Buffer.from(' \n'), /holds no text$/],
		['other.txt', Buffer.from('x'), /no binary field "note"/],
	])('%s of %p is refused, with what to do', async (name, bytes, message) => {
		const { error } = await run(name, bytes);
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(/Extract from File|Binary tab|binary field/);
		expect(gemma.chats()).toHaveLength(0);
	});
});

describe('all items together', () => {
	const all = (more: INodeParameters = {}) => summarize({ scope: 'all', ...more });

	it('a digest of 500 items is one request where the context holds them, and few where it does not', async () => {
		const input = entries(500);
		const { json, items: out } = await gemma.run(all(), { input });
		expect(out).toHaveLength(1);
		expect(paired(out[0])).toEqual(input.map((_, item) => ({ item })));
		expect(json[0].text).toContain('sandbox');
		expect(gemma.chats()).toHaveLength(1);
		expect(prompts()[0]).toMatch(/Below are 500 texts[^]*\[1\]\nHeadline number 0[^]*\[500\]/);

		const figures = [`requests in the 128K of Gemma 3: ${gemma.chats().length}`];
		for (const contextTokens of [32_768, 8192, 4096]) {
			gemma.reset();
			gemma.sandbox.settings.contextTokens = contextTokens;
			const small = await gemma.run(all({ options: { contextTokens } }), { input });
			expect(small.error).toBeUndefined();
			expect(gemma.chats().every(({ status }) => status === 200)).toBe(true);
			const requests = gemma.chats().length;
			const tokens = promptTokens().reduce((sum, each) => sum + each, 0);
			// A third is what the estimate is on the safe side, the instructions and the notes take.
			expect(requests).toBeLessThanOrEqual(Math.ceil((tokens * 1.5) / (contextTokens - 512)) + 2);
			figures.push(`in ${contextTokens} tokens: ${requests}`);
		}
		process.stdout.write(`A digest of 500 items takes, ${figures.join(', ')}\n`);
	});

	const bad = items({ text: 'First.' }, { text: '' }, { text: 'Third.' });

	it('one without a text ends the run, by its index', async () => {
		const { error } = await gemma.run(all(), { input: bad });
		expect(error?.message).toMatch(/^Text is empty \[item 1;/);
		expect(error?.context.itemIndex).toBe(1);
		expect(gemma.chats()).toHaveLength(0);
	});

	it('under Continue the digest is of the others, and the bad one has its own error', async () => {
		const node = { onError: 'continueRegularOutput' as const };
		const { json, items: out } = await gemma.run(all(), { input: bad, node });
		expect(json).toEqual([
			expect.objectContaining({ finishReason: 'stop' }),
			expect.objectContaining({ error: 'Text is empty' }),
		]);
		expect(out.map(paired)).toEqual([[{ item: 0 }, { item: 2 }], { item: 1 }]);
		expect(prompts()[0]).toContain('Below are 2 texts');
	});

	it('under Continue all bad ones are errors, and nothing is asked', async () => {
		const node = { onError: 'continueRegularOutput' as const };
		const { json } = await gemma.run(all(), { input: items({ text: '' }, {}), node });
		expect(json.map(({ error }) => error)).toEqual(['Text is empty', 'Text is empty']);
		expect(gemma.chats()).toHaveLength(0);
	});

	it('a digest that fails is one error, of all its items', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat' }, status: 400, body: 'no' });
		const node = { onError: 'continueRegularOutput' as const };
		const { items: out } = await gemma.run(all(), { input: entries(3), node });
		expect(out.map(paired)).toEqual([[{ item: 0 }, { item: 1 }, { item: 2 }]]);
	});
});

describe('a text that is longer than the context', () => {
	const long = { input: items({ text: book(30) }) };
	const own = (more: INodeParameters = {}) =>
		summarize({ ...byId('google/gemma-2-9b-it'), ...more });

	it('is read in parts, and the usage counts them all', async () => {
		const { json, error, hints } = await gemma.run(own(), long);
		expect(error).toBeUndefined();
		const asked = gemma.chats().length;
		expect(asked).toBeGreaterThan(2);
		expect(prompts().at(-1)).toMatch(/notes on the parts of a text[^]*\[Part 1\][^]*\[Part 2\]/);
		const sum = promptTokens().reduce((total, each) => total + each + 9, 0);
		expect(json[0].usage).toMatchObject({ promptTokens: sum });
		expect(hints.join()).not.toMatch(/cut off/);
		expect(
			gemma
				.bodies()
				.slice(0, -1)
				.map(({ max_tokens: most }) => most),
		).toEqual(Array.from({ length: asked - 1 }, () => 1024));
	});

	it.each<[string, INodeParameters]>([
		['the server says', {}],
		['the user says', { options: { contextTokens: 4097 } }],
	])('keeps half of a small context that %s for a long summary', async (_, more) => {
		gemma.sandbox.settings.contextTokens = 4097;
		const { error, hints } = await gemma.run(summarize({ lengthInWords: 1500, ...more }), {
			input: items({ text: book(6) }),
		});
		expect(error).toBeUndefined();
		expect(gemma.bodies().at(-1)?.max_tokens).toBe(2048);
		expect(hints).toEqual([]);
	});

	it('names what was sent, and the context, when such a summary is cut off', async () => {
		cutOffNext();
		const options = { contextTokens: 4096, maxTokens: 3000 };
		const { hints } = await gemma.run(summarize({ options }), { input: items({ text: 'Text.' }) });
		expect(gemma.bodies()[0].max_tokens).toBe(2048);
		expect(hints).toEqual([expect.stringMatching(/cut off at 2048 tokens.*Context Size/)]);
	});

	it('is never asked for by more requests at once than Concurrency says', async () => {
		gemma.sandbox.settings.firstTokenMs = 40;
		const options = { concurrency: 2, contextTokens: 2000, stream: false };
		await gemma.run(own({ options }), { input: items({ text: book(10) }, { text: book(10) }) });
		const starts = gemma.chats().map(({ at }) => at);
		expect(starts.length).toBeGreaterThan(10);
		// A third would start before one of two is answered.
		const together = starts.map((from) => starts.filter((at) => at >= from && at < from + 30));
		expect(Math.max(...together.map(({ length }) => length))).toBe(2);
	});

	it.each(['named', 'unnamed', 'cut'] as const)(
		'goes on in smaller parts when the server holds less than the model (%s)',
		async (tooLong) => {
			Object.assign(gemma.sandbox.settings, { contextTokens: 4096, tooLong });
			const { error, json } = await gemma.run(summarize(), { input: items({ text: book(40) }) });
			expect(error).toBeUndefined();
			expect(json[0].finishReason).toBe('stop');
			const last = gemma.bodies().at(-1);
			expect(String(last?.messages[0].content)).toContain('notes on the parts');
			const read = prompts()
				.filter((each) => each.length < 4096 * 4)
				.join('\n');
			for (let number = 1; number <= 40; number++) expect(read).toContain(`Chapter ${number} `);
			process.stdout.write(`${tooLong}: ${gemma.chats().length} requests\n`);
		},
	);

	it('the lesson counts for the items that follow', async () => {
		gemma.sandbox.settings.contextTokens = 4096;
		const options = { concurrency: 1 };
		await gemma.run(summarize({ options }), {
			input: items({ text: book(20) }, { text: book(20) }),
		});
		expect(gemma.chats().filter(({ status }) => status === 400)).toHaveLength(1);
	});

	it('fails with the number of the part, and the others are stopped', async () => {
		gemma.sandbox.fault({ match: { path: '/v1/chat', nth: 2 }, status: 400, body: 'No such luck' });
		const { error } = await gemma.run(own({ options: { concurrency: 1 } }), long);
		expect(error?.message).toMatch(/^Part 2 of \d+: No such luck \(HTTP 400\)$/);
		expect(gemma.chats()).toHaveLength(2);
	});

	it('says when notes were cut off', async () => {
		cutOffNext();
		const { hints, json } = await gemma.run(own(), long);
		expect(hints.join()).toMatch(/Notes on a part of a long text were cut off at 1024 tokens/);
		expect(json[0].finishReason).toBe('stop');
	});

	it('ends by Timeout as a whole', async () => {
		gemma.sandbox.settings.firstTokenMs = 200;
		const options = { concurrency: 1, timeout: 0.5 };
		const { error } = await gemma.run(own({ options }), long);
		expect(error?.message).toMatch(/^Part \d of \d+: Not finished within 0\.5 seconds/);
	});

	it('shows in the editor how far it is, and nothing of that in production', async () => {
		const said: unknown[] = [];
		const onMessage = (message: unknown) => said.push(message);
		await gemma.run(own(), { ...long, onMessage });
		const parts = gemma.chats().length - 1;
		expect(said).toHaveLength(parts);
		expect(said.at(-1)).toBe(`Part ${parts} of ${parts} is read`);
		said.length = 0;
		await gemma.run(own(), { ...long, onMessage, mode: 'trigger' });
		expect(said).toEqual([]);
	});

	it('makes Node warn of nothing', async () => {
		const warned: string[] = [];
		const note = (warning: Error) => warned.push(warning.message);
		process.on('warning', note);
		await gemma.run(own({ options: { contextTokens: 1500 } }), long);
		await new Promise(setImmediate);
		process.off('warning', note);
		expect(warned).toEqual([]);
	});
});
