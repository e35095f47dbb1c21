import { eventually } from './eventually';
import type { Locator, Page } from './playwright';

/** The open panel of a node: input, fields, output. */
export class NodePanel {
	private readonly fields: Locator;

	constructor(private readonly page: Page) {
		this.fields = page.getByTestId('node-parameters').first();
	}

	/** Resolves when the fields can be changed: somebody who just left keeps them locked a while. */
	async ready(): Promise<void> {
		await this.fields.locator('input:not([disabled])').first().waitFor();
	}

	field(name: string): Locator {
		return this.fields.getByTestId(`parameter-input-${name}`);
	}

	/** The names of the fields that are shown, from the top, down to the title Options. */
	async labels(): Promise<string[]> {
		const labels = await this.fields.getByTestId('input-label').allInnerTexts();
		const names = labels.map((label) => label.split('\n')[0].trim());
		return names.slice(0, names.indexOf('Options'));
	}

	/** Waits until the fields are these. @throws Error naming those that are shown instead. */
	async shows(...expected: string[]): Promise<void> {
		let labels: string[] = [];
		await eventually('the fields change', async () => {
			labels = await this.labels();
			return labels.join() === expected.join();
		}).catch(() => {
			throw new Error(`Expected ${expected.join(', ')}; shown are ${labels.join(', ')}`);
		});
	}

	/** Opens a field's list and takes an entry by its name. */
	async select(field: string, name: string): Promise<void> {
		await this.field(field).click();
		await this.page
			.getByTestId('parameter-input-item')
			.filter({ visible: true, hasText: name })
			.first()
			.click();
	}

	async toggle(field: string): Promise<void> {
		await this.field(field).click();
	}

	async fill(field: string, text: string): Promise<void> {
		await this.field(field).locator('input, textarea').first().fill(text);
	}

	/** Opens the list of models. @returns what it shows, the one that is chosen first. */
	async models(): Promise<string[]> {
		await this.page.getByTestId('resource-locator-modelId').click();
		return await this.listed(({ length }) => length > 1);
	}

	/**
	 * Types into the open list of models, and waits until it shows `found` below the chosen one.
	 *
	 * @throws Error when it does not.
	 */
	async searchModels(words: string, found: string[]): Promise<void> {
		await this.page.getByTestId('rlc-search').fill(words);
		await this.listed((names) => names.slice(1).join() === found.join());
	}

	private async listed(isIt: (names: string[]) => boolean): Promise<string[]> {
		const items = this.page.getByTestId('rlc-item');
		return await eventually('the list of models', async () => {
			const names = (await items.allInnerTexts()).map((name) => name.trim());
			return isIt(names) && names;
		});
	}

	/** Presses Execute Step. */
	async execute(): Promise<void> {
		await this.page.getByTestId('node-execute-button').click();
	}

	get output(): Locator {
		return this.page.getByTestId('output-panel');
	}

	/** The output once the run has ended well, as the text of its table. */
	async outputTable(): Promise<string> {
		await this.output.getByTestId('node-run-status-success').waitFor();
		await this.output.getByTestId('radio-button-table').click();
		return await this.output.getByTestId('ndv-data-container').innerText();
	}

	async close(): Promise<void> {
		await this.page.getByTestId('ndv-close-button').click();
		await this.fields.waitFor({ state: 'hidden' });
	}
}
