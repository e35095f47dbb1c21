/** Lets a few through at a time: first whoever is there again, each first come first served. */
export class Turnstile {
	private readonly arrived: Array<() => void> = [];
	private readonly returned: Array<() => void> = [];

	constructor(private free: number) {}

	async pass<Result>(work: () => Promise<Result>): Promise<Result> {
		return await this.through(this.arrived, work);
	}

	/** For the rest of what has passed before: sooner done than what has not been begun. */
	async passAgain<Result>(work: () => Promise<Result>): Promise<Result> {
		return await this.through(this.returned, work);
	}

	private async through<Result>(
		queue: Array<() => void>,
		work: () => Promise<Result>,
	): Promise<Result> {
		if (this.free > 0) this.free--;
		else await new Promise<void>((resolve) => queue.push(resolve));
		try {
			return await work();
		} finally {
			const next = this.returned.shift() ?? this.arrived.shift();
			if (next) next();
			else this.free++;
		}
	}
}
