import { join } from 'node:path';

import { Child } from '../measure/child';
import type { StubMessage } from './main';
import type { StubOptions, StubReport } from './types';

/** A stub in a process of its own, so that what it costs is not taken for its client's. */
export class Stub {
	private constructor(
		private readonly child: Child,
		/** Root of the chat API, `…/v1`. */
		readonly url: string,
	) {}

	static async open(options: StubOptions): Promise<Stub> {
		const child = Child.start(join(__dirname, 'main.ts'));
		return new Stub(child, await child.ask<string>({ open: options } satisfies StubMessage));
	}

	/** Forgets what it saw, and how much of its limit was used. */
	async reset(): Promise<void> {
		await this.child.ask<StubReport>({ tell: 'reset' } satisfies StubMessage);
	}

	async report(): Promise<StubReport> {
		return await this.child.ask<StubReport>({ tell: 'report' } satisfies StubMessage);
	}

	async close(): Promise<void> {
		await this.child.end();
	}
}
