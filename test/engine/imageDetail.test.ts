import type { INodeParameters } from 'n8n-workflow';

import { wholeCompletion } from '../support/events';
import {
	analyze,
	byId,
	openGemma,
	picturesIn,
	type GemmaBench,
	type GemmaRunOptions,
} from '../support/gemmaWorkflow';
import { photo, solid } from '../support/pictures';
import { see } from '../support/pixels';

const CHAT = 'POST /v1/chat/completions 200';

let gemma: GemmaBench;
/** Two crops of it are made, and six tiles. */
let tall: Buffer;
/** As `tall`, with so much in it that its views are too large for an inline request. */
let busy: Buffer;
let square: Buffer;
beforeAll(async () => {
	gemma = await openGemma({ sandbox: { keepBodies: true } });
	tall = await solid('jpeg', 1654, 2339, 'red');
	busy = await photo({ width: 1654, height: 2339 });
	square = await solid('png', 8, 8, 'blue');
});
beforeEach(() => gemma.reset());
afterAll(async () => await gemma.close());

const ask = async (
	files: Record<string, Buffer>,
	options: INodeParameters,
	{ parameters, ...rest }: GemmaRunOptions & { parameters?: INodeParameters } = {},
) => {
	const input = [await gemma.item(files)];
	return await gemma.run(analyze({ options: { maxRetries: 0, ...options }, ...parameters }), {
		input,
		...rest,
	});
};
/** The parts of the message in their order: its texts, and a picture's mark for each picture. */
const partsOf = (body = gemma.bodies()[0]) => {
	const { content } = body.messages[0];
	if (typeof content === 'string') return content.replace(/<img [^>]*>/g, '🖼').split(/ (?=🖼)|\n/);
	return content.map((part) => (part.type === 'text' ? part.text : '🖼'));
};
const sizesOf = async (body = gemma.bodies()[0]) =>
	await Promise.all(
		picturesIn(body).map(async (picture) => {
			const { width, height } = await see(picture);
			return [width, height];
		}),
	);

const DETAILED = [
	...['The whole picture:', '🖼'],
	...[expect.stringMatching(/^Crops .* from top to bottom/) as string, '🖼', '🖼'],
	'What is this?',
];
const PAGE = [
	...['The whole page, in small:', '🖼'],
	...[expect.stringMatching(/^The same page .* 6 tiles .* Row 1 of 3, column 1 of 2:$/), '🖼'],
	...['Row 1 of 3, column 2 of 2:', '🖼', 'Row 2 of 3, column 1 of 2:', '🖼'],
	...['Row 2 of 3, column 2 of 2:', '🖼', 'Row 3 of 3, column 1 of 2:', '🖼'],
	...['Row 3 of 3, column 2 of 2:', '🖼'],
	'What is this?',
] as string[];

it.each<[detail: string, parts: string[], pictures: number]>([
	['detailed', DETAILED, 3],
	['page', PAGE, 7],
])(
	'%s sends the whole first, then its parts, and the prompt last',
	async (detail, parts, count) => {
		const { json, hints } = await ask({ 'data.jpg': tall }, { imageDetail: detail });
		expect(gemma.log()).toEqual([CHAT]);
		expect(partsOf()).toEqual(parts);
		expect(await sizesOf()).toEqual(Array(count).fill([896, 896]));
		expect(json[0].text).toContain(`Picture ${count}: `);
		expect(json[0].usage).toMatchObject({ promptTokens: expect.any(Number) as number });
		const { promptTokens } = json[0].usage as { promptTokens: number };
		expect(Math.floor(promptTokens / 256)).toBe(count);
		expect(hints).toEqual([]);
	},
);

it('counts the pictures of an item, and cuts only those that gain by it', async () => {
	const files = { 'one.jpg': tall, 'two.png': square };
	const parameters = { imageInput: 'allBinary' };
	await ask(files, { imageDetail: 'detailed' }, { parameters });
	expect(partsOf()).toEqual([
		...['Picture 1 of 2, the whole picture:', '🖼'],
		...[expect.stringContaining('Crops of picture 1 of 2'), '🖼', '🖼'],
		...['Picture 2 of 2:', '🖼', 'What is this?'],
	]);
	expect((await sizesOf()).at(-1)).toEqual([8, 8]);
});

it('sends a small picture alone, with no words about it', async () => {
	await ask({ 'data.png': square }, { imageDetail: 'page' });
	expect(partsOf()).toEqual(['🖼', 'What is this?']);
});

it('keeps the shape of the crops for a model that keeps the shape of pictures', async () => {
	const parameters = byId('google/gemma-3n-e4b-it');
	await ask({ 'data.jpg': tall }, { imageDetail: 'detailed' }, { parameters });
	// 2339 pixels make crops of 1170 and 1169.
	expect(await sizesOf()).toEqual([
		[896, 1267],
		[1267, 896],
		[1267, 895],
	]);
});

it('Max Crops is the most of each picture, by expression too; elsewhere it is not looked at', async () => {
	await ask({ 'data.jpg': tall }, { imageDetail: 'page', maxCrops: 4 });
	await ask({ 'data.jpg': tall }, { imageDetail: '={{ "page" }}', maxCrops: '={{ 2 }}' });
	await ask({ 'data.jpg': tall }, { imageDetail: 'auto', maxCrops: 0 });
	expect(gemma.bodies().map((body) => picturesIn(body).length)).toEqual([5, 3, 1]);
});

it('on NVIDIA views that are too large together are uploaded, in their places', async () => {
	const run = await ask({ 'data.jpg': busy }, { imageDetail: 'page' });
	expect(run.hints).toEqual([]);
	expect(gemma.log().filter((line) => line.startsWith('PUT /uploads'))).toHaveLength(7);
	expect(gemma.log()).toContain(CHAT);
	expect(gemma.sandbox.assets.size).toBe(0);
	expect(partsOf()).toEqual(PAGE);
	expect(String(run.json[0].text).match(/JPEG, 896 x 896/g)).toHaveLength(7);
});

it('another server gets them inline, whatever their size', async () => {
	const credential = { server: 'openAiCompatible' };
	await ask({ 'data.jpg': busy }, { imageDetail: 'page' }, { credential });
	expect(gemma.log()).toEqual([CHAT]);
	expect(partsOf()).toEqual(PAGE);
});

it('more views than a request can name assets are refused with what helps', async () => {
	const options = { imageDetail: 'page', maxCrops: 12 };
	const scan = await photo({ width: 2480, height: 3508 });
	const forced = await ask({ 'data.jpg': scan }, { ...options, imageTransfer: 'asset' });
	expect(forced.error?.message).toContain('13 pictures for one request, crops counted');
	expect(forced.error?.description).toContain('Max Crops');
	expect(gemma.sandbox.requests).toEqual([]);
	gemma.sandbox.settings.inlineLimit = 180_000;
	const free = await ask({ 'data.jpg': scan }, options);
	expect(free.error?.message).toMatch(/the limit is 180000.*\(HTTP 400\)/);
	expect(free.error?.description).toContain('Image Detail');
});

it('a prompt too short for all of the views is told', async () => {
	const usage = { prompt_tokens: 6 * 256, completion_tokens: 3, total_tokens: 6 * 256 + 3 };
	const body = wholeCompletion('A page.', { usage });
	gemma.sandbox.fault({ match: { path: '/v1/chat' }, body });
	const { hints } = await ask({ 'data.jpg': tall }, { imageDetail: 'page' });
	expect(hints).toEqual([expect.stringMatching(/did not see the pictures.* 1536 tokens/)]);
});
