import { inDigits, type Figure } from '../measure/figure';
import type { Peer } from '../peers/types';
import { COUNTS, SPEEDS, variantOf, type Speed } from './pictureCases';
import { medianOf } from './sampling';
import type { Bar } from './types';

const FIRST = 'First request received';
const NOT_MEASURED = 'not measured';
const MOST_ITEMS = Math.max(...COUNTS);

/** Where several counts were measured a bar has to be met by each of them. */
export function barsFor(figures: Figure[]): Bar[] {
	const counts = COUNTS.filter((count) => has(figures, variantOf('gemma', count, 'unlimited')));
	const ahead = (peers: Peer[], speed: Speed, name: string) =>
		peers
			.flatMap((peer) =>
				counts.map(
					(count) =>
						medianOf(figures, variantOf(peer, count, speed), name) /
						medianOf(figures, variantOf('gemma', count, speed), name),
				),
			)
			.filter((ratio) => !Number.isNaN(ratio));
	const sooner = (bar: string, peer: Peer, speed: Speed, wanted: number): Bar => {
		const runs = ahead([peer], speed, 'Time').map(inDigits).join(', ');
		const { found, ...rest } = least(bar, ahead([peer], speed, FIRST), wanted);
		return { ...rest, found: runs ? `${found}; the whole run ${runs} ×` : found };
	};
	return [
		least(
			"At most 1/15 of the peers' bytes",
			ahead(['moonshot', 'chain'], 'unlimited', 'Sent'),
			15,
		),
		sooner(
			`At 20 Mbit/s the first request is there at least 5 × sooner than Moonshot's (${counts.join(', ')} items)`,
			'moonshot',
			'slow',
			5,
		),
		sooner(
			`Without a limit the first request is there at least 10 × sooner than the chain's (${counts.join(', ')} items)`,
			'chain',
			'unlimited',
			10,
		),
		most(figures, 'Memory growth', 150, [MOST_ITEMS], `for ${MOST_ITEMS} items`),
		most(figures, 'Longest stall', 100, COUNTS, 'ever'),
	];
}

const least = (bar: string, ratios: number[], wanted: number): Bar =>
	ratios.length === 0
		? { bar, found: NOT_MEASURED }
		: {
				bar,
				found: `${ratios.map(inDigits).join(', ')} ×`,
				met: ratios.every((ratio) => ratio >= wanted),
			};

function most(figures: Figure[], name: string, bound: number, counts: number[], when: string): Bar {
	const names = counts.flatMap((count) =>
		(Object.keys(SPEEDS) as Speed[]).map((speed) => variantOf('gemma', count, speed)),
	);
	const own = figures.filter((one) => one.name === name && names.includes(one.variant));
	const bar = `${name} of this node at most ${bound} ${name === 'Longest stall' ? 'ms' : 'MB'} ${when}`;
	if (own.length === 0) return { bar, found: NOT_MEASURED };
	const worst = Math.max(...own.map(({ max }) => max));
	return { bar, found: `${inDigits(worst)} ${own[0].unit} at worst`, met: worst <= bound };
}

const has = (figures: Figure[], variant: string) => figures.some((one) => one.variant === variant);
