import sharp from 'sharp';
import type { Picture } from '../sandbox/chat/pictures';

const COLOURS = ['red', 'lime', 'blue', 'white', 'black', 'yellow'] as const;
const NAMES: Record<(typeof COLOURS)[number], string> = {
	red: 'red',
	lime: 'green',
	blue: 'blue',
	white: 'white',
	black: 'black',
	yellow: 'yellow',
};

export const PICTURE_COUNT = COLOURS.length * 2;

/** A small picture, and what the sandbox tells of it. */
export interface SmallPicture {
	fileName: string;
	mimeType: string;
	content: Buffer;
	seen: Picture;
}

/** The pictures that runs send: small enough that nothing has to be done to them. */
export async function makePictures(): Promise<SmallPicture[]> {
	return await Promise.all(
		Array.from({ length: PICTURE_COUNT }, async (_, number) => {
			const colour = COLOURS[number % COLOURS.length];
			const format = number < COLOURS.length ? 'png' : 'jpeg';
			const [width, height] = [8 + number, 20 - number];
			const content = await sharp({ create: { width, height, channels: 3, background: colour } })
				.toFormat(format)
				.toBuffer();
			return {
				fileName: `${colour}.${format}`,
				mimeType: `image/${format}`,
				content,
				seen: {
					format: format === 'png' ? 'PNG' : 'JPEG',
					width,
					height,
					bytes: content.length,
					colour: NAMES[colour],
				} as const,
			};
		}),
	);
}
