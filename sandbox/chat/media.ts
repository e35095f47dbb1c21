import { badRequest } from '../refusal';

/** A picture as a message names it. */
export type PictureReference =
	| { kind: 'inline'; mediaType: string; base64: string }
	| { kind: 'asset'; mediaType: string; id: string };

const DATA_URI = /^data:(image\/(?:png|jpeg|jpg));base64,/;
const ASSET_URI = /^data:(image\/(?:png|jpeg|jpg));asset_id,(\S+)$/;
const TAG = /<\s*(img|audio|video)(?=[\s/>])/gi;
const ATTRIBUTE_NAME = /[\s/]*([^\s=/>]*)\s*(=?)\s*/y;
/** Searched for, not matched up to: a greedy match of some megabytes overflows the engine's stack. */
const VALUE_END = /[\s>]/g;

/**
 * A picture given as a data URI.
 *
 * @throws Refusal 400 for any other URL and for other media types
 */
export function toInlinePicture(url: string): PictureReference {
	const head = DATA_URI.exec(url);
	if (!head) {
		throw badRequest(
			'An image must be a data URI, data:image/{png|jpeg|jpg};base64,…; ' +
				`got '${url.slice(0, 40)}'`,
			'messages',
		);
	}
	return { kind: 'inline', mediaType: head[1], base64: url.slice(head[0].length) };
}

function toPicture(source: string): PictureReference {
	const asset = ASSET_URI.exec(source);
	return asset ? { kind: 'asset', mediaType: asset[1], id: asset[2] } : toInlinePicture(source);
}

/** Reads from just behind a tag's name; `undefined` when the tag never closes. */
function readTag(text: string, from: number): { source: string; end: number } | undefined {
	let source = '';
	let at = from;
	while (at < text.length) {
		ATTRIBUTE_NAME.lastIndex = at;
		const [head, name, equals] = ATTRIBUTE_NAME.exec(text) ?? ['', '', ''];
		at += head.length;
		if (name === '' && equals === '') {
			return text[at] === '>' ? { source, end: at + 1 } : undefined;
		}
		if (equals === '') continue;
		const quote = text[at];
		let value: string;
		if (quote === '"' || quote === "'") {
			const close = text.indexOf(quote, at + 1);
			if (close < 0) return undefined;
			value = text.slice(at + 1, close);
			at = close + 1;
		} else {
			VALUE_END.lastIndex = at;
			value = text.slice(at, VALUE_END.exec(text)?.index);
			at += value.length;
		}
		if (name.toLowerCase() === 'src') source = value.trim();
	}
	return undefined;
}

/**
 * Takes the media tags out of a string content, as NVIDIA's servers do, and as forgivingly as an
 * HTML parser: any case, blanks behind `<`, any quotes. A tag that never closes is text.
 *
 * @param ignoresAssets leave tags that name an asset in the text
 * @throws Refusal 400 for audio and video, and for an image tag whose source is no picture
 */
export function parseMedia(
	content: string,
	ignoresAssets: boolean,
): { text: string; pictures: PictureReference[] } {
	const pictures: PictureReference[] = [];
	let text = '';
	let textFrom = 0;
	for (const match of content.matchAll(TAG)) {
		if (match.index < textFrom) continue;
		const tag = readTag(content, match.index + match[0].length);
		if (!tag) continue;
		const name = match[1].toLowerCase();
		if (name !== 'img') throw badRequest(`This model takes no ${name}`, 'messages');
		const picture = toPicture(tag.source);
		if (picture.kind === 'asset' && ignoresAssets) continue;
		pictures.push(picture);
		text += content.slice(textFrom, match.index);
		textFrom = tag.end;
	}
	return { text: text + content.slice(textFrom), pictures };
}
