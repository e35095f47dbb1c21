import type { Picture, View } from './picture';

/**
 * What stands before each picture in the message, so that the model knows which are crops of which:
 * in meaning what Gemma 3's own processor writes around them. Pictures that are all sent whole need
 * no words, unless their numbers are wanted.
 *
 * @returns one for each picture, in their order; '' for none.
 */
export function captions(pictures: Array<Pick<Picture, 'view'>>, numbered = false): string[] {
	const total = pictures.filter(({ view }) => !isCrop(view)).length;
	if (!numbered && pictures.every(({ view }) => !view)) return pictures.map(() => '');
	let number = 0;
	return pictures.map(({ view }) => {
		if (!isCrop(view)) number++;
		return caption(view, total > 1 ? `picture ${number} of ${total}` : undefined);
	});
}

const isCrop = (view: View | undefined) => view?.index !== undefined;

/** @param name which picture of several it is a view of. */
function caption(view: View | undefined, name: string | undefined): string {
	if (!view) return `${capitalised(name!)}:`;
	const { kind, rows, columns, index } = view;
	if (index === undefined) {
		const whole = kind === 'page' ? 'the whole page, in small' : 'the whole picture';
		return capitalised(name ? `${name}, ${whole}:` : `${whole}:`);
	}
	if (kind === 'detailed') {
		if (index > 0) return '';
		const direction = rows > 1 ? 'from top to bottom' : 'from left to right';
		return `Crops of ${name ?? 'that picture'}, ${direction}, in which its details are easier to see:`;
	}
	const row = Math.floor(index / columns) + 1;
	const place = `row ${row} of ${rows}, column ${(index % columns) + 1} of ${columns}:`;
	if (index > 0) return capitalised(place);
	return `${capitalised(name ?? 'the same page')} again, in ${rows * columns} tiles that overlap a little, in which its print is easier to read. ${capitalised(place)}`;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
