import { seededRandom } from '../test/support/random';

/** Decisions that are the same for the same seed. */
export interface Dice {
	/** True with this probability. */
	chance(probability: number): boolean;
	/** A whole number, both ends included. */
	int(low: number, high: number): number;
	pick<T>(choices: readonly T[]): T;
	/** One of the choices, each as likely as its weight says. */
	weighted<T>(choices: ReadonlyArray<readonly [weight: number, choice: T]>): T;
	/** So many throws of the same kind. */
	times<T>(count: number, make: (index: number) => T): T[];
}

export function openDice(seed: number): Dice {
	const random = seededRandom(seed);
	const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
	return {
		chance: (probability) => random() < probability,
		int,
		pick: (choices) => choices[int(0, choices.length - 1)],
		weighted: (choices) => {
			let left = random() * choices.reduce((sum, [weight]) => sum + weight, 0);
			const found = choices.find(([weight]) => (left -= weight) < 0);
			return (found ?? choices[choices.length - 1])[1];
		},
		times: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
	};
}
