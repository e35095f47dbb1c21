/**
 * Takes the pictures in `docs/images` anew: the node in the newest n8n, asking the sandbox.
 * `node --import tsx e2e/screenshots.ts`, with a part of a picture's name to take only some.
 */
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';

import { openBench, type Bench } from './harness/bench';
import { openBrowser, type Browser } from './harness/browser';
import { Canvas } from './harness/canvas';
import { root } from './harness/paths';
import type { Box } from './harness/playwright';
import { currentN8n } from './harness/versions';
import { example, saveWorkflow } from './harness/workflows';

const MOST_BYTES = 200_000;

/** For what fades, folds or slides. */
const SETTLE_MS = 1500;

class Photographer {
	readonly canvas: Canvas;

	constructor(
		private readonly bench: Bench,
		private readonly browser: Browser,
	) {
		this.canvas = new Canvas(browser);
	}

	/** The photo example after a run, and the node in it with what went in and came out. */
	async run(): Promise<void> {
		const { page, context } = this.browser;
		await this.open('describe-photo.json');
		const [form] = await Promise.all([
			context.waitForEvent('page'),
			page.getByTestId('execute-workflow-button').click(),
		]);
		await form.locator('input[type=file]').setInputFiles(join(root, 'examples/photo.jpg'));
		await form.getByRole('button', { name: 'Submit' }).click();
		await form
			.getByText(/submitted/i)
			.first()
			.waitFor();
		await form.close();
		await this.canvas.node('Gemma').locator('[data-test-id=canvas-node-status-success]').waitFor();
		await this.take('workflow', await this.canvas.extent());

		await this.canvas.openNode('Gemma');
		await page.getByTestId('ndv-input-panel').getByTestId('radio-button-binary').click();
		await page.getByTestId('output-panel').getByTestId('radio-button-schema').click();
		await this.take('gemma-node');
	}

	async example(file: string): Promise<void> {
		await this.open(file);
		await this.take(`example-${basename(file, '.json')}`, await this.canvas.extent());
	}

	/** A reply in n8n's chat, half written. */
	async chat(): Promise<void> {
		const { page } = this.browser;
		await this.open('chat-with-memory.json');
		await page.getByTestId('workflow-chat-button').click();
		const input = page.getByTestId('chat-input');
		await input.fill('What can you tell me about the harbour?');
		Object.assign(this.bench.sandbox.settings, { tokensPerSecond: 3 });
		await page.keyboard.press('Enter');
		await page.getByText('This is the sandbox').first().waitFor();
		await this.take('chat');
	}

	private async open(file: string): Promise<void> {
		const { rest, credentialId } = this.bench;
		await this.canvas.open(await saveWorkflow(rest, example(file, credentialId)));
		await sleep(SETTLE_MS);
	}

	private async take(name: string, clip?: Box): Promise<void> {
		const { page } = this.browser;
		await page.mouse.move(0, 0);
		await sleep(SETTLE_MS);
		const shot = await page.screenshot({ ...(clip && { clip }) });
		const png = await sharp(shot).png({ palette: true, effort: 10 }).toBuffer();
		if (png.length > MOST_BYTES) throw new Error(`${name} has ${png.length} bytes`);
		await writeFile(join(root, 'docs/images', `${name}.png`), png);
		console.log(`docs/images/${name}.png: ${Math.round(png.length / 1000)} kB`);
	}
}

async function main(wanted: string): Promise<void> {
	const bench = await openBench(currentN8n);
	const browser = await openBrowser(bench.n8n.url).catch(async (error: unknown) => {
		await bench.close();
		throw error;
	});
	try {
		const photographer = new Photographer(bench, browser);
		if ('workflow gemma-node'.includes(wanted)) await photographer.run();
		for (const file of readdirSync(join(root, 'examples'))) {
			const name = `example-${file}`;
			if (name.endsWith('.json') && name.includes(wanted)) await photographer.example(file);
		}
		if ('chat'.includes(wanted)) await photographer.chat();
	} finally {
		await browser.close();
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
