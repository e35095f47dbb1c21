const HUES: ReadonlyArray<[upTo: number, name: string]> = [
	[15, 'red'],
	[45, 'orange'],
	[70, 'yellow'],
	[165, 'green'],
	[200, 'cyan'],
	[255, 'blue'],
	[290, 'purple'],
	[345, 'pink'],
	[360, 'red'],
];

/** A plain word for a colour; the channels run from 0 to 255. */
export function colourName(red: number, green: number, blue: number): string {
	const high = Math.max(red, green, blue);
	const low = Math.min(red, green, blue);
	const spread = high - low;
	if (high < 40) return 'black';
	if (spread < 30) return low > 220 ? 'white' : 'grey';

	let hue: number;
	if (high === red) hue = 60 * ((green - blue) / spread);
	else if (high === green) hue = 60 * ((blue - red) / spread) + 120;
	else hue = 60 * ((red - green) / spread) + 240;
	const degrees = (hue + 360) % 360;
	const name = HUES.find(([upTo]) => degrees <= upTo)?.[1] ?? 'red';
	return name === 'orange' && high < 160 ? 'brown' : name;
}

/** The word that names most of the pixels (raw RGB, 3 bytes each); the first one in a tie. */
export function mainColour(pixels: Buffer): string {
	const counts = new Map<string, number>();
	for (let at = 0; at + 2 < pixels.length; at += 3) {
		const name = colourName(pixels[at], pixels[at + 1], pixels[at + 2]);
		counts.set(name, (counts.get(name) ?? 0) + 1);
	}
	return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 'no colour';
}
