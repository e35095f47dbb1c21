import type { INodeParameters } from 'n8n-workflow';

import { openBench, type Bench } from '../harness/bench';
import { openBrowser, type Browser } from '../harness/browser';
import { Canvas } from '../harness/canvas';
import type { NodePanel } from '../harness/nodePanel';
import { currentN8n } from '../harness/versions';
import { gemmaByHand, saveWorkflow } from '../harness/workflows';

let bench: Bench;
let browser: Browser;
let canvas: Canvas;

beforeAll(async () => {
	bench = await openBench(currentN8n);
	browser = await openBrowser(bench.n8n.url);
	canvas = new Canvas(browser.page, bench.n8n.url);
});

afterAll(async () => {
	await browser?.close();
	await bench?.close();
});

/** Opens the node of a new workflow: a trigger by hand, and Gemma. */
async function openGemma(parameters: INodeParameters = {}): Promise<NodePanel> {
	const workflow = gemmaByHand(bench.credentialId, parameters);
	await canvas.open(await saveWorkflow(bench.rest, workflow));
	return await canvas.openNode('Gemma');
}

describe('the panel of nodes', () => {
	beforeAll(async () => await canvas.open());

	it('finds the node by its name', async () => {
		await canvas.searchNodes('gemma', 'Gemma');
	});

	it("finds it by NVIDIA's name, beside n8n's own node for NVIDIA's models", async () => {
		await canvas.searchNodes('nvidia', 'NVIDIA Nemotron Chat Model', 'Gemma');
	});

	it('offers its actions, and one of them makes a node that is set to it', async () => {
		await canvas.searchNodes('gemma', 'Gemma');
		await canvas.choose('Gemma');
		await canvas.choose('Analyze image');
		await canvas.node('Analyze image').waitFor();
	});
});

describe('the fields', () => {
	const model = ['Resource', 'Operation', 'Model'];
	const end = ['Output Format', 'Simplify Output'];
	const message = [...model, 'Messages', 'Prompt', 'Role', 'Add Images'];
	let panel: NodePanel;
	beforeAll(async () => {
		panel = await openGemma();
	});

	it('begin with one message', async () => await panel.shows(...message, ...end));

	it('ask for pictures when they are to be added, by name, by address or all', async () => {
		await panel.toggle('addImages');
		await panel.shows(...message, 'Image Input', 'Input Data Field Name(s)', ...end);
		await panel.select('imageInput', 'URL(s)');
		await panel.shows(...message, 'Image Input', 'URL(s)', ...end);
		await panel.select('imageInput', 'All Binary Fields');
		await panel.shows(...message, 'Image Input', ...end);
		await panel.toggle('addImages');
		await panel.shows(...message, ...end);
	});

	it('ask for a schema, or for an example, when the output is to fit one', async () => {
		const schema = ['Output Format', 'Schema Type'];
		await panel.select('outputFormat', 'JSON by Schema');
		await panel.shows(...message, ...schema, 'JSON Schema', 'Simplify Output');
		await panel.select('schemaType', 'Generate From JSON Example');
		await panel.shows(...message, ...schema, 'JSON Example', 'Simplify Output');
		await panel.select('outputFormat', 'Text');
		await panel.shows(...message, ...end);
	});

	it('follow the operation', async () => {
		await panel.select('operation', 'Summarize Text');
		const about = ['Length in Words', 'Language', 'Focus', 'Simplify Output'];
		await panel.shows(...model, 'Source', 'Text', 'Scope', 'Style', ...about);
	});

	it('follow the resource', async () => {
		await panel.select('resource', 'Image');
		const images = ['Text Input', 'Image Input', 'Input Data Field Name(s)', 'Scope'];
		await panel.shows(...model, ...images, ...end);
		await panel.select('resource', 'Text');
		await panel.shows(...message, ...end);
	});
});

describe('the list of models', () => {
	let panel: NodePanel;
	beforeAll(async () => {
		panel = await openGemma({ resource: 'image', operation: 'analyze' });
	});

	it("comes from the credential's server, with a mark on those that take no images", async () => {
		const models = await panel.models();
		expect(models).toContain('google/gemma-3-4b-it');
		expect(models).toContain('google/gemma-3-1b-it (takes no images)');
		expect(models.at(-1)).not.toContain('gemma');
	});

	it('is searched by the server', async () => {
		await panel.searchModels('3n-', ['google/gemma-3n-e2b-it', 'google/gemma-3n-e4b-it']);
		await panel.searchModels('own/model', ['own/model (as typed)']);
	});
});

describe('a run', () => {
	it('shows the reply, its tokens and a hint about it', async () => {
		const panel = await openGemma({
			messages: { values: [{ role: 'user', content: 'Hello' }] },
			options: { maxTokens: 8 },
		});
		await panel.execute();
		const table = await panel.outputTable();
		expect(table).toMatch(/finishReason\s+usage/);
		expect(table).toMatch(/completionTokens\s*:\s*8\b/);
		const hint = panel.output.getByTestId('node-hint').first();
		expect(await hint.innerText()).toContain('The reply was cut off at 8 tokens');
	});

	it('says what is wrong with a field, and what to do', async () => {
		const panel = await openGemma({ resource: 'image', operation: 'analyze' });
		await panel.fill('binaryPropertyName', 'photo');
		await panel.execute();
		const message = await panel.output.getByTestId('node-error-message').innerText();
		expect(message).toBe('The item has no binary field "photo". It has none');
		const advice = await panel.output.getByTestId('node-error-description').innerText();
		expect(advice).toContain('Edit Fields');
	});

	it('says which key of a server that refuses it is wrong, without repeating it', async () => {
		const { rest, sandbox } = bench;
		const { baseUrl, nvcfUrl } = sandbox;
		const data = { server: 'nvidia', apiKey: 'nvapi-wrong', baseUrl, nvcfUrl };
		const workflow = gemmaByHand(await rest.createCredential('Wrong key', data), {
			messages: { values: [{ role: 'user', content: 'Hello' }] },
		});
		await canvas.open(await saveWorkflow(rest, workflow));
		const panel = await canvas.openNode('Gemma');
		await panel.execute();
		const shown = panel.output.getByTestId('node-error-message');
		expect(await shown.innerText()).toContain('401');
		expect(await panel.output.innerText()).not.toContain('nvapi-wrong');
	});
});

describe('the icon', () => {
	it.each([
		['light', 'gemma.svg'],
		['dark', 'gemma.dark.svg'],
	] as const)('in the %s theme is %s', async (theme, file) => {
		await canvas.open(await saveWorkflow(bench.rest, gemmaByHand(bench.credentialId)));
		await canvas.wear(theme);
		const images = canvas.node('Gemma').locator('img');
		await images.first().waitFor();
		const [image] = await images.evaluateAll((all) =>
			all.map(({ src, naturalWidth }) => ({ src, naturalWidth })),
		);
		expect(image.src.endsWith(`/${file}`)).toBe(true);
		expect(image.naturalWidth).toBeGreaterThan(0);
	});
});
