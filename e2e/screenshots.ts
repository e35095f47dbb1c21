/**
 * Takes the pictures in `docs/images` anew: the node in the newest n8n, asking the sandbox.
 * `node --import tsx e2e/screenshots.ts`, with a part of a picture's name to take only some.
 */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

import { openBench, type Bench } from './harness/bench';
import { openBrowser, type Browser } from './harness/browser';
import { Camera } from './harness/camera';
import { boxesOf, Canvas } from './harness/canvas';
import { root } from './harness/paths';
import { currentN8n } from './harness/versions';
import { example, saveWorkflow } from './harness/workflows';

interface Studio {
	bench: Bench;
	browser: Browser;
	canvas: Canvas;
	camera: Camera;
}

/** The photo example after a run, and the node in it with what went in and came out. */
async function takeRun(studio: Studio): Promise<void> {
	const { browser, canvas, camera } = studio;
	await openExample(studio, 'describe-photo.json');
	await fillForm(browser);
	await canvas.node('Gemma').getByTestId('canvas-node-status-success').waitFor();
	await camera.takeWorkflow('workflow', await canvas.extent());

	await canvas.openNode('Gemma');
	const { page } = browser;
	await page.getByTestId('ndv-input-panel').getByTestId('radio-button-binary').click();
	await page.getByTestId('output-panel').getByTestId('radio-button-schema').click();
	await camera.takePage('gemma-node');
}

async function fillForm({ page, context }: Browser): Promise<void> {
	const [form] = await Promise.all([
		context.waitForEvent('page'),
		page.getByTestId('execute-workflow-button').click(),
	]);
	await form.locator('input[type=file]').setInputFiles(join(root, 'examples/photo.jpg'));
	await form.getByRole('button', { name: 'Submit' }).click();
	const thanks = form.getByText(/submitted/i).first();
	await thanks.waitFor();
	await form.close();
}

async function takeExample(studio: Studio, file: string): Promise<void> {
	await openExample(studio, file);
	const { camera, canvas } = studio;
	await camera.takeWorkflow(`example-${basename(file, '.json')}`, await canvas.extent());
}

/** A reply in n8n's chat, half written, and the log of the run beside it. */
async function takeChat(studio: Studio): Promise<void> {
	const { bench, browser, camera } = studio;
	const { page } = browser;
	// The chat has a third of the height, and shows the end of what does not fit.
	const [width, height] = [1280, 1300];
	await page.setViewportSize({ width, height });
	await openExample(studio, 'chat-with-memory.json');
	await page.getByTestId('workflow-chat-button').click();
	await page.getByTestId('chat-input').fill('Good evening!');
	bench.sandbox.settings.tokensPerSecond = 6;
	await page.keyboard.press('Enter');
	await page.getByText('understands').first().waitFor();
	const [{ x, y }] = await page.getByTestId('canvas-chat').evaluateAll(boxesOf);
	await camera.takePage('chat', { x, y, width: width - x, height: height - y });
}

async function openExample({ bench, canvas }: Studio, file: string): Promise<void> {
	const { rest, credentialId } = bench;
	await canvas.open(await saveWorkflow(rest, example(file, credentialId)));
	await canvas.settle();
}

async function takeAll(studio: Studio, wanted: string): Promise<void> {
	if ('workflow gemma-node'.includes(wanted)) await takeRun(studio);
	for (const file of readdirSync(join(root, 'examples'))) {
		const name = `example-${file}`;
		// The first example is the workflow whose run is shown above.
		const isOther = name.endsWith('.json') && file !== 'describe-photo.json';
		if (isOther && name.includes(wanted)) await takeExample(studio, file);
	}
	if ('chat'.includes(wanted)) await takeChat(studio);
}

async function main(wanted: string): Promise<void> {
	const bench = await openBench(currentN8n);
	try {
		const browser = await openBrowser(bench.n8n.url);
		const canvas = new Canvas(browser);
		const camera = new Camera(browser.page);
		await takeAll({ bench, browser, canvas, camera }, wanted).finally(browser.close);
	} finally {
		await bench.close();
	}
}

main(process.argv[2] ?? '').then(
	() => process.exit(0),
	(error: unknown) => {
		console.error(error);
		process.exit(1);
	},
);
