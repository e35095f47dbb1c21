/**
 * Puts numbered names of one series (`picture1`, `picture2`…) in the order of their numbers, within
 * the places that the series has; all other names stay where they are. n8n's webhook adds the files
 * of a form as each of them is written to disk, so the order they come in is chance.
 */
export function inSeries(names: string[]): string[] {
	const series = new Map<string, string[]>();
	for (const name of names) series.set(stemOf(name), [...(series.get(stemOf(name)) ?? []), name]);
	for (const members of series.values()) members.sort((a, b) => numberOf(a) - numberOf(b));
	return names.flatMap((name) => series.get(stemOf(name))?.splice(0, 1) ?? []);
}

const stemOf = (name: string) => name.replace(/\d+$/, '');

/** A name without a number comes first: n8n's nodes name files `data`, `data0`, `data1`. */
const numberOf = (name: string) => Number(/\d+$/.exec(name)?.[0] ?? -1);
