const TICK_MS = 20;

/**
 * Milliseconds during which the event loop came round. With many runs in one process, and other
 * processes on the machine, time on the wall says little about how long something made others wait.
 */
export class LoopClock {
	private ticks = 0;
	private readonly timer = setInterval(() => (this.ticks += 1), TICK_MS).unref();

	now(): number {
		return this.ticks * TICK_MS;
	}

	/** From now on all time is over: who still waits for a moment of this clock waits no longer. */
	stop(): void {
		clearInterval(this.timer);
		this.ticks = Infinity;
	}
}
