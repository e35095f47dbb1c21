import type { Browser } from './browser';
import { eventually } from './eventually';
import { NodePanel } from './nodePanel';
import type { Box, Locator, Page, PageElement } from './playwright';

/** Runs in the page, so it knows nothing of this file. */
export const boxesOf = (elements: PageElement[]): Box[] =>
	elements.map((element) => {
		const { x, y, width, height } = element.getBoundingClientRect();
		return { x, y, width, height };
	});

/** n8n's editor with one workflow open in it. */
export class Canvas {
	readonly page: Page;

	private readonly url: string;

	constructor({ page, url }: Browser) {
		this.page = page;
		this.url = url;
	}

	/** Opens a saved workflow, or a new one. */
	async open(workflow?: { id: string }): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${workflow?.id ?? 'new'}`);
		const ready = workflow ? 'canvas-node' : 'canvas-add-button';
		await this.page.getByTestId(ready).first().waitFor();
	}

	node(name: string): Locator {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** Opens the node's panel with input, fields and output. */
	async openNode(name: string): Promise<NodePanel> {
		await this.node(name).dblclick();
		const panel = new NodePanel(this.page);
		await panel.ready();
		return panel;
	}

	/** Types into the search for nodes, and waits until the names are found, among others. */
	async searchNodes(words: string, ...names: string[]): Promise<void> {
		const search = this.page.getByTestId('node-creator-search-bar');
		if ((await search.count()) === 0) await this.page.getByTestId('canvas-plus-button').click();
		await search.fill(words);
		for (const name of names) await this.found(name).waitFor();
	}

	/** Chooses one of the found nodes, or one of its actions. */
	async choose(name: string): Promise<void> {
		await this.found(name).click();
	}

	private found(name: string): Locator {
		const names = this.page.getByTestId('node-creator-item-name');
		return names.filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) });
	}

	/** Resolves when nodes no longer move: a workflow that was just opened is fitted into the page. */
	async settle(): Promise<void> {
		let before = '';
		await eventually(
			'the canvas rests',
			async () => {
				const now = JSON.stringify(await this.boxes());
				const rests = now === before;
				before = now;
				return rests;
			},
			{ everyMs: 500 },
		);
	}

	/** Where the nodes and notes are, with their names and a margin. */
	async extent(margin = 30): Promise<Box> {
		const boxes = await this.boxes();
		// A node's name stands below its box, and may be wider.
		const below = 60;
		const left = Math.min(...boxes.map(({ x }) => x)) - margin;
		const top = Math.min(...boxes.map(({ y }) => y)) - margin;
		const right = Math.max(...boxes.map(({ x, width }) => x + width)) + margin;
		const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + margin + below;
		return { x: left, y: top, width: right - left, height: bottom - top };
	}

	/** Of the nodes, the notes, and the plus signs behind the last nodes. */
	private async boxes(): Promise<Box[]> {
		return await this.page
			.locator('.vue-flow__node, [data-test-id=canvas-handle-plus]')
			.evaluateAll(boxesOf);
	}

	async wear(theme: 'light' | 'dark'): Promise<void> {
		await this.page.evaluate(`localStorage.setItem('N8N_THEME', '${theme}')`);
		await this.page.reload();
		await this.page.getByTestId('canvas-node').first().waitFor();
	}
}
