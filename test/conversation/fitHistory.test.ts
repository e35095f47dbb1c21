import fc from 'fast-check';
import { arrange } from '../../nodes/Gemma/conversation/arrange';
import { fitHistory, tokensOfTurns } from '../../nodes/Gemma/conversation/fitHistory';
import type { Turn } from '../../nodes/Gemma/conversation/turn';
import { turnList } from '../support/turns';

const turn = (role: Turn['role'], text: string): Turn => ({ role, text });
const history = [
	turn('system', 'Be brief.'),
	turn('user', 'one'),
	turn('assistant', 'two'),
	turn('user', 'three'),
	turn('assistant', 'four'),
];

it('keeps all of what fits', () => {
	expect(fitHistory(history, tokensOfTurns(history))).toEqual({ kept: history, leftOut: 0 });
});

it('leaves out the oldest exchange, never half of one, and keeps the system message', () => {
	const { kept, leftOut } = fitHistory(history, tokensOfTurns(history) - 1);
	expect(kept.map(({ text }) => text)).toEqual(['Be brief.', 'three', 'four']);
	expect(leftOut).toBe(2);
	expect(fitHistory(history, 0)).toEqual({ kept: [history[0]], leftOut: 4 });
});

it('of any history keeps the newest part that fits, which begins with a user once it was cut', () => {
	fc.assert(
		fc.property(turnList, fc.integer({ min: -50, max: 300 }), (turns, most) => {
			const { kept, leftOut } = fitHistory(turns, most);
			const spoken = turns.filter(({ role, text }) => role !== 'system' && text.trim() !== '');
			const rest = kept.filter(({ role }) => role !== 'system');
			expect(rest).toEqual(spoken.slice(leftOut));
			if (leftOut > 0 && rest.length > 0) expect(rest[0].role).toBe('user');
			if (rest.length > 0) expect(tokensOfTurns(kept)).toBeLessThanOrEqual(most);
			const isSystem = ({ role }: Turn) => role === 'system';
			expect(arrange(kept).system).toBe(arrange(turns.filter(isSystem)).system);
		}),
	);
});
