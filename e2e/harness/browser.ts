import { existsSync } from 'node:fs';

import { loadPlaywright, type BrowserContext, type Page } from './playwright';
import { OWNER } from './rest';
import { temporaryFolder } from './temporary';

/** Where Debian's packages and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Silent towards the internet, and able to run in a container as root. */
const FLAGS = [
	...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
	...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

const PATIENCE_MS = 20_000;

export interface Browser {
	readonly context: BrowserContext;
	readonly page: Page;
	close(): Promise<void>;
}

/**
 * A browser in which n8n's owner is logged in, and that reaches nothing but this machine.
 *
 * @throws Error when there is no Chromium.
 */
export async function openBrowser(n8nUrl: string): Promise<Browser> {
	const context = await loadPlaywright().chromium.launchPersistentContext(
		temporaryFolder('browser'),
		{
			executablePath: chromium(),
			headless: true,
			args: FLAGS,
			viewport: { width: 1440, height: 900 },
			colorScheme: 'light',
		},
	);
	context.setDefaultTimeout(PATIENCE_MS);
	await context.route(
		({ hostname }) => !LOCAL.has(hostname),
		async (route) => await route.abort(),
	);
	const { email: emailOrLdapLoginId, password } = OWNER;
	const answer = await context.request.post(`${n8nUrl}/rest/login`, {
		data: { emailOrLdapLoginId, password },
	});
	if (!answer.ok()) throw new Error(`${n8nUrl} does not let its owner in`);
	return { context, page: context.pages()[0], close: async () => await context.close() };
}

const LOCAL = new Set(['127.0.0.1', 'localhost', '']);

function chromium(): string {
	const { CHROMIUM } = process.env;
	const found = CHROMIUM ?? PLACES.find((path) => existsSync(path));
	if (found) return found;
	throw new Error('There is no Chromium: apt-get install chromium, or name one in CHROMIUM.');
}
