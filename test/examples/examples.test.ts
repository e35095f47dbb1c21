import type { IDataObject, StructuredChunk } from 'n8n-workflow';

import type { EngineRun } from '../../engine';
import { items } from '../support/gemmaWorkflow';
import { openExamples, type ExampleBench } from './bench';

let bench: ExampleBench;
beforeAll(async () => {
	bench = await openExamples();
});
beforeEach(() => bench.reset());
afterAll(async () => await bench.close());

const json = (run: EngineRun, node: string) => run.items(node).map((item) => item.json);

const succeeded = (run: EngineRun) => {
	expect(run.error).toBeUndefined();
	expect(run.status).toBe('success');
};

it('a photo is described, and the description goes into the mail once that is switched on', async () => {
	const input = [await bench.upload('Photo', 'pictures/mug.jpg')];
	const off = await bench.runExample('describe-photo.json', { input });
	succeeded(off);
	expect(json(off, 'Gemma')[0].text).toContain('Picture 1: JPEG');
	const mail = { 'Send it by e-mail': { disabled: false } };
	const on = await bench.runExample('describe-photo.json', { input }, mail);
	succeeded(on);
	expect(json(on, 'Send it by e-mail')[0].told).toMatchObject({
		subject: 'What Gemma sees in mug.jpg',
		text: json(on, 'Gemma')[0].text,
		toEmail: 'you@example.com',
	});
});

describe('an invoice', () => {
	const fields = {
		vendor: 'Harbour Roasters',
		invoiceNumber: 'HR-2041',
		date: '2026-03-14',
		currency: 'EUR',
		total: 126.97,
	};

	it('becomes a row with its fields', async () => {
		bench.replies(`Here is the invoice:\n\`\`\`json\n${JSON.stringify(fields)}\n\`\`\``);
		const input = [await bench.upload('Invoice', 'pictures/invoice.jpg')];
		const run = await bench.runExample('invoice-to-table.json', { input });
		succeeded(run);
		expect(json(run, 'A row in Invoices')).toEqual([
			{
				given: fields,
				told: expect.objectContaining({
					dataTableId: expect.objectContaining({ value: 'Invoices' }),
				}),
			},
		]);
	});

	it('that was misread twice is no row', async () => {
		const wrong = JSON.stringify({ ...fields, date: '14 March' });
		bench.replies(wrong, wrong);
		const input = [await bench.upload('Invoice', 'pictures/invoice.jpg')];
		const run = await bench.runExample('invoice-to-table.json', { input });
		expect(run.error?.message).toMatch(/\/date/);
		expect(json(run, 'A row in Invoices')).toEqual([]);
	});
});

it('each product photo has its tags, and one that cannot be read takes the other branch', async () => {
	const tags = { product: 'Red mug', colour: 'red', tags: ['mug', 'red', 'kitchen'] };
	bench.replies(JSON.stringify(tags), JSON.stringify({ ...tags, product: 'Green lamp' }));
	const upload = await bench.upload(
		'Product_photos',
		'pictures/mug.jpg',
		'pictures/lamp.jpg',
		'make-pictures.ts',
	);
	const run = await bench.runExample('product-tags.json', { input: [upload] });
	succeeded(run);
	expect(json(run, 'Tags').map(({ file, tags: list }) => [file, list])).toEqual([
		['mug.jpg', 'mug, red, kitchen'],
		['lamp.jpg', 'mug, red, kitchen'],
	]);
	expect(json(run, 'To look at by hand')).toEqual([
		{ file: 'make-pictures.ts', why: expect.stringMatching(/holds a picture/) },
	]);
});

it('all entries of the feed become one summary, in one request', async () => {
	const news = Array.from({ length: 35 }, (_, index) => ({
		title: `Headline ${index}`,
		contentSnippet: `Text ${index}`,
		link: 'https://example.com',
	}));
	const run = await bench.runExample('morning-summary.json', {
		pinned: { "The night's news": items(...news) },
	});
	succeeded(run);
	expect(bench.chats()).toHaveLength(1);
	const prompt = JSON.stringify(bench.bodies()[0].messages);
	for (const { title, contentSnippet } of news) {
		expect(prompt).toContain(JSON.stringify(`${title}\n${contentSnippet}`).slice(1, -1));
	}
	expect(run.items('Gemma')).toMatchObject([{ pairedItem: news.map((_, item) => ({ item })) }]);
});

it('each mail goes where its matter is dealt with, with the mail beside the reply', async () => {
	const about = (matter: string) =>
		JSON.stringify({ about: matter, urgent: matter === 'complaint', summary: `A ${matter}.` });
	const matters = ['complaint', 'order', 'question', 'other'];
	bench.replies(...matters.map(about));
	const mails = matters.map((matter) => ({
		from: 'Ann <ann@example.com>',
		subject: `My ${matter}`,
		textPlain: 'Good morning',
	}));
	const run = await bench.runExample('mailbox-triage.json', { input: items(...mails) });
	succeeded(run);
	expect(String(bench.bodies()[0].messages.at(-1)?.content)).toContain(
		'From: Ann <ann@example.com>\nSubject: My',
	);
	for (const [name, matter] of [
		['Complaints', 'complaint'],
		['Orders', 'order'],
		['Questions', 'question'],
		['Anything else', 'other'],
	]) {
		expect(json(run, name)).toEqual([
			expect.objectContaining({
				from: 'Ann <ann@example.com>',
				data: expect.objectContaining({ about: matter, summary: `A ${matter}.` }) as IDataObject,
			}),
		]);
	}
});

it('each value of a chart becomes a row', async () => {
	const values = [
		{ label: '2021', value: 120 },
		{ label: '2022', value: 180.5 },
	];
	bench.replies(JSON.stringify({ title: 'Bicycles', unit: 'thousands', values }));
	const input = [await bench.upload('Chart', 'pictures/chart.png')];
	const run = await bench.runExample('chart-to-table.json', { input });
	succeeded(run);
	expect(json(run, 'Rows in Chart values').map(({ given }) => given)).toEqual(values);
});

it('a scanned page is sent in tiles that keep the print legible, and becomes a text file', async () => {
	bench.replies('Rules of the Portville Allotments');
	const input = [await bench.upload('Page', 'pictures/scan.png')];
	const run = await bench.runExample('scanned-page.json', { input });
	succeeded(run);
	const prompt = String(bench.bodies()[0].messages.at(-1)?.content);
	expect(prompt.match(/asset_id/g)?.length).toBeGreaterThan(3);
	const { data } = run.items('A text file')[0].binary ?? {};
	expect(data).toMatchObject({ fileName: 'page.txt', mimeType: 'text/plain' });
	expect(String(await bench.engine.readBinary(data))).toBe('Rules of the Portville Allotments');
});

describe('a chat', () => {
	const input = items({ sessionId: 's1', action: 'sendMessage', chatInput: 'And my name?' });
	const memory = (messages: IDataObject[]) => ({
		pinned: { Remember: items({ messages, messagesCount: messages.length }) },
	});

	it('remembers what was said, streams the reply, and keeps both in mind', async () => {
		const chunks: StructuredChunk[] = [];
		const run = await bench.runExample('chat-with-memory.json', {
			input,
			...memory([{ human: 'I am Ann', ai: 'Hello Ann' }]),
			onStreamChunk: (chunk) => chunks.push(chunk),
		});
		succeeded(run);
		expect(bench.bodies()[0].messages).toEqual([
			{ role: 'system', content: expect.any(String) },
			{ role: 'user', content: 'I am Ann' },
			{ role: 'assistant', content: 'Hello Ann' },
			{ role: 'user', content: 'And my name?' },
		]);
		const { text } = json(run, 'Gemma')[0];
		expect(chunks.map(({ content }) => content ?? '').join('')).toBe(text);
		expect(json(run, 'Keep in mind')[0].told).toMatchObject({
			messages: {
				messageValues: [
					{ type: 'user', message: 'And my name?' },
					{ type: 'ai', message: text },
				],
			},
		});
	});

	it('that begins has nothing to remember', async () => {
		const run = await bench.runExample('chat-with-memory.json', { input, ...memory([]) });
		succeeded(run);
		expect(bench.bodies()[0].messages).toHaveLength(2);
	});
});
