/** A span of time in a person's words: `45 seconds`, `12 minutes`, `3 hours`. */
export function inWords(milliseconds: number): string {
	const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
	if (seconds < 120) return plural(seconds, 'second');
	const minutes = Math.ceil(seconds / 60);
	return minutes < 120 ? plural(minutes, 'minute') : plural(Math.ceil(minutes / 60), 'hour');
}

const plural = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`;
