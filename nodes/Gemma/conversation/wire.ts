import type { ChatMessage, ImagePart, TextPart } from '../transport/api';
import { neutralise } from './neutralise';
import type { Conversation } from './turn';

/** Pictures of the last user message, in the form that their road needs. */
export type WirePictures =
	| { road: 'none' }
	/** For `image_url` parts. */
	| { road: 'inline'; images: InlineImage[] }
	/** For tags in the text. */
	| { road: 'asset'; assets: UploadedAsset[] };

interface Captioned {
	/** Text that stands before the picture. */
	caption?: string;
}

export interface InlineImage extends Captioned {
	/** A data URI. */
	uri: string;
}

export interface UploadedAsset extends Captioned {
	id: string;
	mediaType: string;
}

/**
 * The messages as they go over the wire. Pictures stand before the text of the last user message,
 * each behind its caption: as parts when they are inline (the message's own text last), as tags in
 * front of the text when they are assets. Everything else is a plain string.
 *
 * @param foldSystem put the system text in front of the first user message instead of into a
 * message of its own, for models that refuse the role.
 */
export function toMessages(
	conversation: Conversation,
	foldSystem: boolean,
	pictures: WirePictures,
): ChatMessage[] {
	const { system } = conversation;
	const turns = conversation.turns.map((turn) => ({ ...turn }));
	if (system && foldSystem) turns[0].text = `${system}\n\n${turns[0].text}`;
	// Only now: text that was joined could form a tag across the seam.
	const messages: ChatMessage[] = turns.map(({ role, text }) => ({
		role,
		content: neutralise(text),
	}));
	const lastUser = messages.findLast(({ role }) => role === 'user');
	if (lastUser) lastUser.content = withPictures(lastUser.content as string, pictures);
	if (system && !foldSystem) messages.unshift({ role: 'system', content: neutralise(system) });
	return messages;
}

function withPictures(text: string, pictures: WirePictures): ChatMessage['content'] {
	if (pictures.road === 'inline') {
		return [...pictures.images.flatMap(partsOf), { type: 'text', text }];
	}
	if (pictures.road === 'none') return text;
	const tags = pictures.assets.map(
		({ id, mediaType, caption }) =>
			`${caption ? `\n${caption}\n` : ' '}<img src="data:${mediaType};asset_id,${id}" />`,
	);
	return `${tags.join('').trimStart()}\n${text}`;
}

function partsOf({ uri, caption }: InlineImage): Array<TextPart | ImagePart> {
	const image: ImagePart = { type: 'image_url', image_url: { url: uri } };
	return caption ? [{ type: 'text', text: caption }, image] : [image];
}
