/** A reply as models write them when they are asked for JSON, and what has to come of it. */
export interface Habit {
	name: string;
	reply: string;
	/** The data that the reply means. */
	data?: unknown;
	/** Part of the reason why it has to be refused. */
	refused?: string;
	/** The reply ended at max_tokens. */
	cutOff?: true;
}

export const read = (name: string, reply: string, data: unknown): Habit => ({ name, reply, data });

export const refuse = (name: string, reply: string, refused: string): Habit => ({
	name,
	reply,
	refused,
});

export const cut = (habit: Habit): Habit => ({
	...habit,
	name: `${habit.name}, cut off`,
	cutOff: true,
});
