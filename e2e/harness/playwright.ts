import { createRequire } from 'node:module';
import { join } from 'node:path';

import { tools } from './versions';

/**
 * What is used of playwright-core, which is installed with the tools, and so not there where the
 * types are checked.
 */
export interface Playwright {
	chromium: { launchPersistentContext(folder: string, options: object): Promise<BrowserContext> };
	selectors: { setTestIdAttribute(name: string): void };
}

export interface BrowserContext {
	pages(): Page[];
	/** Its requests share cookies with the pages. */
	request: { post(url: string, options: { data: unknown }): Promise<{ ok(): boolean }> };
	route(match: (url: URL) => boolean, handle: (route: Route) => Promise<void>): Promise<void>;
	setDefaultTimeout(milliseconds: number): void;
	waitForEvent(name: 'page'): Promise<Page>;
	close(): Promise<void>;
}

interface Route {
	abort(): Promise<void>;
}

interface Finder {
	locator(selector: string): Locator;
	getByTestId(id: string): Locator;
	getByRole(role: string, options?: { name?: string | RegExp; exact?: boolean }): Locator;
	getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
}

export interface Page extends Finder {
	goto(url: string): Promise<unknown>;
	reload(): Promise<unknown>;
	/** Runs the text as a script in the page. */
	evaluate(script: string): Promise<unknown>;
	keyboard: { press(key: string): Promise<void> };
	mouse: { move(x: number, y: number): Promise<void> };
	setViewportSize(size: { width: number; height: number }): Promise<void>;
	screenshot(options?: { clip?: Box }): Promise<Buffer>;
	close(): Promise<void>;
}

/** Part of a page, in its pixels. */
export interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** Something in a page, looked up anew by each call; calls wait until it is there. */
export interface Locator extends Finder {
	first(): Locator;
	last(): Locator;
	filter(by: { hasText?: string | RegExp; visible?: boolean; hasNot?: Locator }): Locator;
	click(): Promise<void>;
	dblclick(): Promise<void>;
	fill(text: string): Promise<void>;
	setInputFiles(path: string): Promise<void>;
	waitFor(options?: { state: 'visible' | 'hidden' }): Promise<void>;
	count(): Promise<number>;
	innerText(): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	evaluateAll<T>(each: (elements: PageElement[]) => T): Promise<T>;
}

/** As much of a page's element as the tests look at. */
export interface PageElement {
	getBoundingClientRect(): Box;
	src: string;
	naturalWidth: number;
}

/** Loads it; with the test ids that n8n's editor has. */
export function loadPlaywright(): Playwright {
	const playwright = createRequire(join(tools, 'package.json'))('playwright-core') as Playwright;
	playwright.selectors.setTestIdAttribute('data-test-id');
	return playwright;
}
