import { inWords } from '../../nodes/Gemma/transport/duration';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a span of time in words', () => {
	it.each([
		[0, '1 second'],
		[1, '1 second'],
		[1000, '1 second'],
		[1001, '2 seconds'],
		[45_000, '45 seconds'],
		[2 * MINUTE - 1000, '119 seconds'],
		[2 * MINUTE, '2 minutes'],
		[2 * MINUTE + 1, '3 minutes'],
		[90 * MINUTE, '90 minutes'],
		[2 * HOUR - MINUTE, '119 minutes'],
		[2 * HOUR, '2 hours'],
		[3 * HOUR, '3 hours'],
		[48 * HOUR, '48 hours'],
	])('%d ms are %s', (milliseconds, words) => {
		expect(inWords(milliseconds)).toBe(words);
	});

	it('is never shorter than it is: who comes back after it does not come too early', () => {
		const unit = { second: 1000, minute: MINUTE, hour: HOUR };
		for (let milliseconds = 1; milliseconds < 3 * HOUR; milliseconds += 1777) {
			const [, count, name] = /^(\d+) (second|minute|hour)s?$/.exec(inWords(milliseconds))!;
			const said = Number(count) * unit[name as keyof typeof unit];
			expect(said).toBeGreaterThanOrEqual(milliseconds);
		}
	});
});
