import { setTimeout as sleep } from 'node:timers/promises';

/** Several readers share one line of a given speed. */
export class Throttle {
	private freeAt = 0;

	/** @param bytesPerSecond undefined for a line of any speed. */
	constructor(private readonly bytesPerSecond: number | undefined) {}

	/** Resolves when so many bytes would have come over the line. */
	async pass(bytes: number): Promise<void> {
		if (this.bytesPerSecond === undefined) return;
		const now = performance.now();
		this.freeAt = Math.max(now, this.freeAt) + (bytes / this.bytesPerSecond) * 1000;
		await sleep(this.freeAt - now);
	}
}
