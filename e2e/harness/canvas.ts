import { NodePanel } from './nodePanel';
import type { Locator, Page } from './playwright';

/** n8n's editor with one workflow open in it. */
export class Canvas {
	constructor(
		readonly page: Page,
		private readonly url: string,
	) {}

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

	async wear(theme: 'light' | 'dark'): Promise<void> {
		await this.page.evaluate(`localStorage.setItem('N8N_THEME', '${theme}')`);
		await this.page.reload();
		await this.page.getByTestId('canvas-node').first().waitFor();
	}
}
