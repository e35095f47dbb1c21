import sharp from 'sharp';

/** A picture as a viewer that does not look at EXIF shows it: size, and colours by position. */
export interface Seen {
	format: string | undefined;
	width: number;
	height: number;
	/** Red, green, blue, and alpha where there is one, each 0 to 255. */
	at(x: number, y: number): number[];
}

export async function see(picture: Buffer): Promise<Seen> {
	const { format } = await sharp(picture).metadata();
	const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
	const { width, height, channels } = info;
	const at = (x: number, y: number) => {
		const start = (y * width + x) * channels;
		return [...data.subarray(start, start + channels)];
	};
	return { format, width, height, at };
}

/** The colour in words, for tests to compare; anything between comes out as its numbers. */
export function colour([red, green, blue]: number[]): string {
	const names: Record<string, string> = {
		...{ '000': 'black', '001': 'blue', '010': 'lime', '011': 'aqua' },
		...{ '100': 'red', '101': 'magenta', '110': 'yellow', '111': 'white' },
	};
	const level = (value: number) => (value > 200 ? '1' : value < 55 ? '0' : '?');
	return names[[red, green, blue].map(level).join('')] ?? `${red} ${green} ${blue}`;
}
