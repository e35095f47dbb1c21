import { parseJsonReply } from '../../nodes/Gemma/reply/jsonReply';
import { asItStands } from './corpus/asItStands';
import { fences } from './corpus/fences';
import type { Habit } from './corpus/habit';
import { mended } from './corpus/mended';
import { prose } from './corpus/prose';
import { refusals } from './corpus/refused';

const CORPUS: Record<string, Habit[]> = { asItStands, fences, prose, mended, refusals };

describe.each(Object.entries(CORPUS))('%s', (_, habits) => {
	it.each(habits)('$name', async ({ reply, data, refused, cutOff }) => {
		const parsed = await parseJsonReply(reply, cutOff ?? false);
		expect(parsed).toEqual(
			refused === undefined
				? { ok: true, data }
				: { ok: false, why: expect.stringContaining(refused) as string },
		);
	});
});

it('a refusal is one sentence without line breaks, long or short', async () => {
	for (const { reply, refused, cutOff } of Object.values(CORPUS).flat()) {
		if (refused === undefined) continue;
		const parsed = await parseJsonReply(reply, cutOff ?? false);
		const why = parsed.ok ? '' : parsed.why;
		expect(why).toMatch(/^The .{10,}[.…)\S]$/);
		expect(why.length).toBeLessThan(260);
	}
});

it('the corpus has at least 200 replies, none twice', () => {
	const replies = Object.values(CORPUS)
		.flat()
		.map(({ reply, cutOff }) => `${cutOff} ${reply}`);
	expect(new Set(replies).size).toBe(replies.length);
	expect(replies.length).toBeGreaterThanOrEqual(200);
});
