import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';

import { root } from './paths';
import type { Box, Page } from './playwright';

const MOST_BYTES = 200_000;

/** For what fades, folds or slides. */
const SETTLE_MS = 1500;

/** Announcements that come and go. */
const PASSING = '.el-notification, .el-tooltip__popper';

/** What stands on the canvas and is not part of the workflow. */
const CONTROLS = [
	'[data-test-id=canvas-controls]',
	'[data-test-id^=execute-workflow-button]',
	'[data-test-id=workflow-chat-button]',
	'[data-test-id=logs-panel]',
	'[data-test-id=node-creator-plus-button]',
	'[data-test-id=command-bar-button]',
	'[data-test-id=add-sticky-button]',
	'[data-test-id=toggle-focus-panel-button]',
	'[data-test-id=instance-ai-canvas-action-button]',
].join();

/** Writes pictures of a page into `docs/images`. */
export class Camera {
	constructor(private readonly page: Page) {}

	/** The page, or a part of it. @throws Error when the picture gets too large. */
	async takePage(name: string, part?: Box): Promise<void> {
		await this.hide(PASSING);
		await this.take(name, part);
	}

	/** A part of the canvas, and nothing but the workflow in it. */
	async takeWorkflow(name: string, part: Box): Promise<void> {
		await this.hide(`${PASSING}, ${CONTROLS}`);
		await this.take(name, part);
	}

	/** Until the page is loaded anew. */
	private async hide(selector: string): Promise<void> {
		const style = `${selector} { visibility: hidden !important; }`;
		await this.page.evaluate(
			`document.head.append(Object.assign(document.createElement('style'), { textContent: ${JSON.stringify(style)} }))`,
		);
	}

	private async take(name: string, clip?: Box): Promise<void> {
		await this.page.mouse.move(0, 0);
		await sleep(SETTLE_MS);
		const shot = await this.page.screenshot({ ...(clip && { clip }) });
		const png = await sharp(shot).png({ palette: true, effort: 10 }).toBuffer();
		if (png.length > MOST_BYTES) throw new Error(`${name} has ${png.length} bytes`);
		await writeFile(join(root, 'docs/images', `${name}.png`), png);
		console.log(`docs/images/${name}.png: ${Math.round(png.length / 1000)} kB`);
	}
}
