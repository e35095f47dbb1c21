import { readdir, truncate } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import sharp from 'sharp';

import { analyze, message, openGemma, picturesIn, type GemmaBench } from '../support/gemmaWorkflow';
import {
	animatedGif,
	heic,
	manyPages,
	pdf,
	photo,
	rotated,
	solid,
	svg,
	truncated,
} from '../support/pictures';
import { openHttp, type TestServer } from '../support/servers';

/** What the sandbox says that it saw. */
const seen = (text: unknown) => String(text).match(/(?<=Picture \d+: ).*(?=\.)/g) ?? [];
const colours = (text: unknown) => seen(text).map((picture) => picture.split(' ').at(-1));

/** Where n8n keeps a file of this id. */
async function storedFile(id: string): Promise<string> {
	const folder = process.env.N8N_USER_FOLDER!;
	const files = await readdir(folder, { recursive: true });
	return join(folder, files.find((file) => basename(file) === basename(id))!);
}

let red: Buffer;
let blue: Buffer;
let camera: Buffer;
beforeAll(async () => {
	red = await solid('png', 8, 8, 'red');
	blue = await solid('jpeg', 16, 16, 'blue');
	camera = await photo({ width: 4000, height: 3000 });
});

describe.each(['default', 'filesystem'] as const)('with binary data in mode %s', (binaryMode) => {
	let gemma: GemmaBench;
	beforeAll(async () => {
		gemma = await openGemma({ engine: { binaryMode }, sandbox: { keepBodies: true } });
	});
	beforeEach(() => gemma.reset());
	afterAll(async () => await gemma.close());

	const ask = async (files: Record<string, Buffer>, parameters: INodeParameters = {}) =>
		await gemma.run(analyze(parameters), { input: [await gemma.item(files)] });

	it('sends the field "data" first and the prompt last, as parts of one user message', async () => {
		const { json } = await ask({ 'data.png': red }, { options: { system: 'Look closely' } });
		expect(gemma.bodies()[0].messages).toEqual([
			{ role: 'system', content: 'Look closely' },
			{
				role: 'user',
				content: [
					{
						type: 'image_url',
						image_url: { url: `data:image/png;base64,${red.toString('base64')}` },
					},
					{ type: 'text', text: 'What is this?' },
				],
			},
		]);
		expect(seen(json[0].text)).toEqual([expect.stringMatching(/^PNG, 8 x 8, .* mainly red$/)]);
	});

	it.each<[how: string, parameters: INodeParameters, order: string[]]>([
		['a list of names', { binaryPropertyName: ' two ,one, ' }, ['blue', 'red']],
		['an array by expression', { binaryPropertyName: '={{ ["two", "one"] }}' }, ['blue', 'red']],
		['every field', { imageInput: 'allBinary' }, ['red', 'blue']],
	])('takes several fields from %s', async (_, parameters, order) => {
		const { json } = await ask({ 'one.png': red, 'paper.pdf': pdf(), 'two.jpg': blue }, parameters);
		expect(colours(json[0].text)).toEqual(order);
	});

	it('takes numbered fields by their numbers, in whatever order n8n’s webhook wrote them', async () => {
		const files = { 'front.png': red, 'shot10.jpg': blue, 'shot2.png': red, 'back.jpg': blue };
		const { json } = await ask({ ...files, 'shot1.png': red }, { imageInput: 'allBinary' });
		expect(colours(json[0].text)).toEqual(['red', 'red', 'red', 'blue', 'blue']);
	});

	it('reads the name of the field for each item', async () => {
		const input = [
			await gemma.item({ 'data.png': red }, { field: 'data' }),
			await gemma.item({ 'scan.jpg': blue }, { field: 'scan' }),
		];
		const run = await gemma.run(analyze({ binaryPropertyName: '={{ $json.field }}' }), { input });
		expect(run.json.map(({ text }) => colours(text))).toEqual([['red'], ['blue']]);
	});

	it.each<[format: string, make: () => Promise<Buffer>, colour: string]>([
		['WebP', async () => await solid('webp', 30, 20, 'lime'), 'green'],
		['GIF', animatedGif, 'red'],
		['AVIF', async () => await solid('avif', 30, 20, 'blue'), 'blue'],
		['TIFF', async () => await solid('tiff', 30, 20, 'yellow'), 'yellow'],
	])('converts %s, whatever the file’s name claims', async (_, make, colour) => {
		const { json, hints } = await ask({ 'data.png': await make() });
		expect(colours(json[0].text)).toEqual([colour]);
		expect(hints).toEqual([]);
	});

	it.each(['auto', 'page'])('hints at the pages that it leaves out (%s)', async (imageDetail) => {
		const files = { 'data.tif': await manyPages(3), 'photo.jpg': camera };
		const { hints } = await ask(files, { imageInput: 'allBinary', options: { imageDetail } });
		expect(hints).toEqual([
			expect.stringMatching(/^The binary field "data" holds a TIFF picture of 3 pages; only the f/),
		]);
	});

	it('lays what is see-through over white, as servers drop alpha', async () => {
		const clear = await sharp({
			create: { width: 40, height: 30, channels: 4, background: '#00000000' },
		})
			.png()
			.toBuffer();
		const { json } = await ask({ 'data.png': clear });
		expect(seen(json[0].text)).toEqual([expect.stringMatching(/^PNG, 40 x 30, .* mainly white$/)]);
	});

	it('sets a turned photo upright', async () => {
		await ask({ 'data.jpg': await rotated(6) });
		const [sent] = picturesIn(gemma.bodies()[0]);
		const { data, info } = await sharp(sent).raw().toBuffer({ resolveWithObject: true });
		expect([info.width, info.height]).toEqual([80, 40]);
		const pixel = (x: number, y: number) => [...data.subarray((y * 80 + x) * 3).subarray(0, 3)];
		const [[leftRed], [, , rightBlue]] = [pixel(20, 30), pixel(60, 30)];
		expect(leftRed).toBeGreaterThan(200);
		expect(rightBlue).toBeGreaterThan(200);
		expect(Math.min(...pixel(40, 3))).toBeGreaterThan(200);
	});

	it('makes less than 400 kB of a photo of 12 megapixels', async () => {
		expect(camera.length).toBeGreaterThan(4_000_000);
		const { json } = await ask({ 'data.jpg': camera });
		expect(seen(json[0].text)[0]).toMatch(/^JPEG, 1195 x 896/);
		const all = gemma.sandbox.requests;
		expect(all.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(400_000);
	});

	it.each<[what: string, file: () => Buffer, words: RegExp, advice: RegExp]>([
		['a PDF', pdf, /holds a PDF document/, /pages/],
		['a HEIC photo', heic, /holds a HEIC picture/, /JPEG/],
		['an SVG drawing', () => svg('red'), /holds an SVG drawing/, /PNG/],
		['half a photo', () => truncated(camera), /cut off or damaged/, /whole/],
		['half a PNG', () => red.subarray(0, 60), /cut off or damaged/, /whole/],
		['an empty file', () => Buffer.alloc(0), /holds an empty file/, /PNG/],
		['base64 text', () => Buffer.from(red.toString('base64')), /base64 text/, /Convert to File/],
	])('refuses %s, names what it is, and sends nothing', async (_, file, words, advice) => {
		const { error } = await ask({ 'data.jpg': file() });
		expect(error).toMatchObject({ name: 'NodeOperationError', context: { itemIndex: 0 } });
		expect(error?.message).toMatch(words);
		expect(error?.message).toContain('"data"');
		expect(error?.message).toContain('data (data.jpg, image/jpg)');
		expect(error?.description).toMatch(advice);
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('refuses a field that the item lacks, and lists the ones that it has', async () => {
		const { error } = await ask({ 'one.png': red, 'two.jpg': blue });
		expect(error?.message).toContain('The item has no binary field "data"');
		expect(error?.message).toMatch(/one \(one\.png.*two \(two\.jpg/);
		expect(error?.description).toContain('Edit Fields');
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('says once that an item has no binary field at all', async () => {
		for (const imageInput of ['binary', 'allBinary']) {
			const { error } = await ask({}, { imageInput });
			expect(error?.message).toMatch(/^(The item has n|N)o binary field .*\. It has none$/);
		}
	});

	it('reads no more than the beginning of what is no picture', async () => {
		const item = await gemma.item({ 'data.png': red, 'film.bin': pdf() });
		const { id } = item.binary!.film;
		// More than can be read as a whole.
		if (id) await truncate(await storedFile(id), 3 * 1024 ** 3);
		const run = await gemma.run(analyze({ imageInput: 'allBinary' }), { input: [item] });
		expect(run.error).toBeUndefined();
		expect(colours(run.json[0].text)).toEqual(['red']);
	});

	it('says of a file that is too large to be read what can be done', async () => {
		const item = await gemma.item({ 'data.png': red });
		const { id } = item.binary!.data;
		if (!id) return;
		await truncate(await storedFile(id), 3 * 1024 ** 3);
		const { error } = await gemma.run(analyze(), { input: [item] });
		expect(error?.message).toMatch(/could not be read.*greater than 2 GiB/);
		expect(error?.description).toMatch(/smaller/);
		expect(error?.description).not.toMatch(/old executions/);
	});

	it('refuses an item without pictures where every field was asked for', async () => {
		const { error } = await ask({ 'paper.pdf': pdf() }, { imageInput: 'allBinary' });
		expect(error?.message).toMatch(/No binary field of the item holds a picture.*paper\.pdf/);
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('refuses the picture itself in place of a name, without quoting it', async () => {
		const base64 = red.toString('base64');
		for (const name of [base64, `data:image/png;base64,${base64}`]) {
			const { error } = await ask({ 'data.png': red }, { binaryPropertyName: name });
			expect(error?.message).toContain('holds the picture itself');
			expect(error?.message).not.toContain(base64.slice(0, 30));
			expect(error?.description).toContain('Convert to File');
		}
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('refuses an empty prompt before it looks at the picture', async () => {
		const { error } = await ask({}, { text: '={{ " " }}' });
		expect(error?.message).toBe('Text Input is empty');
		expect(gemma.sandbox.requests).toEqual([]);
	});

	it('keeps the other items when one picture is bad and the node continues', async () => {
		const input: INodeExecutionData[] = [];
		for (const file of [red, pdf(), blue]) input.push(await gemma.item({ 'data.png': file }));
		const node = { onError: 'continueRegularOutput' as const };
		const run = await gemma.run(analyze(), { input, node });
		expect(run.status).toBe('success');
		expect(run.json.map(({ text }) => colours(text))).toEqual([['red'], [], ['blue']]);
		expect(run.items[1]).toEqual({
			json: {
				error: expect.stringContaining('holds a PDF document') as string,
				description: expect.stringContaining('pages') as string,
			},
			pairedItem: { item: 1 },
		});
	});

	it('adds pictures to the last user message of a conversation, and only when asked to', async () => {
		const rows = [
			{ role: 'user', content: 'Hi' },
			{ role: 'assistant', content: 'Hello' },
			{ role: 'user', content: 'What is this?' },
		];
		const input = [await gemma.item({ 'data.png': red })];
		for (const addImages of [true, false])
			await gemma.run({ messages: { values: rows }, addImages }, { input });
		const [withPicture, without] = gemma.bodies();
		expect(withPicture.messages.slice(0, 2)).toEqual(rows.slice(0, 2));
		expect(withPicture.messages[2].content).toEqual([
			{ type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) } },
			{ type: 'text', text: 'What is this?' },
		]);
		expect(without.messages).toEqual(rows);
	});

	it('adds pictures as an expression says for each item, and takes no other word for it', async () => {
		const words = ['true', true, 'false', false, 'yes'];
		const input: INodeExecutionData[] = [];
		for (const add of words) input.push(await gemma.item({ 'data.png': red }, { add }));
		const parameters = message('What is this?', { addImages: '={{ $json.add }}' });
		const node = { onError: 'continueRegularOutput' as const };
		const { json } = await gemma.run(parameters, { input, node });
		expect(json.map(({ text }) => colours(text))).toEqual([['red'], ['red'], [], [], []]);
		expect(json.map(({ error }) => error).slice(0, 4)).toEqual(Array(4).fill(undefined));
		expect(json[4].error).toBe('Add Images holds "yes", which is neither true nor false');
	});
});

describe('pictures by URL', () => {
	let gemma: GemmaBench;
	let server: TestServer;
	const visits: IncomingMessage[] = [];
	beforeAll(async () => {
		gemma = await openGemma({ sandbox: { keepBodies: true } });
		server = await openHttp((request, response) => {
			visits.push(request);
			const path = request.url ?? '';
			if (path === '/moved') response.writeHead(302, { location: '/red,8x8.png' }).end();
			else if (path.startsWith('/red')) response.end(red);
			else if (path === '/blue.jpg') response.end(blue);
			else if (path.startsWith('/page'))
				response.end('<!DOCTYPE html><html><body>Log in</body></html>');
			else response.writeHead(404).end();
		});
	});
	beforeEach(() => {
		gemma.reset();
		visits.length = 0;
	});
	afterAll(async () => {
		await gemma.close();
		await server.close();
	});
	const ask = async (imageUrls: string, more: INodeParameters = {}) =>
		await gemma.run(analyze({ imageInput: 'url', imageUrls, ...more }));

	it('are downloaded by the node, without any credential', async () => {
		const { json } = await ask(
			`${server.url}/red,8x8.png?a=1,2, ${server.url}/blue.jpg,${server.url}/moved`,
		);
		expect(colours(json[0].text)).toEqual(['red', 'blue', 'red']);
		expect(visits.map(({ url }) => url)).toEqual([
			'/red,8x8.png?a=1,2',
			'/blue.jpg',
			'/moved',
			'/red,8x8.png',
		]);
		expect(visits.some(({ headers }) => headers.authorization)).toBe(false);
	});

	it('may be data URIs, or an array by expression, also for Message a Model', async () => {
		const uri = `data:image/jpeg;base64,${blue.toString('base64')}`;
		const list = `={{ ["${uri}", "${server.url}/red.png"] }}`;
		const fields = { addImages: true, imageInput: 'url', imageUrls: list };
		const { json } = await gemma.run(message('What is this?', fields));
		expect(colours(json[0].text)).toEqual(['blue', 'red']);
	});

	it.each<[what: string, url: () => string, words: RegExp]>([
		['nothing there', () => `${server.url}/gone?token=abc`, /answered HTTP 404/],
		['a web page', () => `${server.url}/page?token=abc`, /holds an HTML page/],
		['no server', () => 'http://127.0.0.1:9/a.png?token=abc', /Could not talk to 127\.0\.0\.1:9/],
		['no address', () => 'ftp://example.com/a.png', /not a web address/],
		['an empty field', () => '', /URL\(s\) is empty/],
		['bad base64', () => 'data:image/png;base64,*', /data URI that cannot be decoded/],
	])('fail with %s, and nothing is sent to the model', async (_, url, words) => {
		const { error } = await ask(url());
		expect(error?.message).toMatch(words);
		expect(error?.description).toBeTruthy();
		expect(error?.message).not.toContain('token');
		expect(gemma.sandbox.requests).toEqual([]);
	});
});
