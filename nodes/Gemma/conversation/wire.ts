import type { ChatMessage, ImagePart } from '../transport/api';
import { neutralise } from './neutralise';
import type { Conversation } from './turn';

/** Pictures of the last user message, in the form that their road needs. */
export type WirePictures =
	| { road: 'none' }
	/** Data URIs, for `image_url` parts. */
	| { road: 'inline'; uris: string[] }
	/** Ids and types of uploaded assets, for tags in the text. */
	| { road: 'asset'; assets: Array<{ id: string; mediaType: string }> };

/**
 * The messages as they go over the wire. Pictures stand before the text of the last user message:
 * as parts when they are inline (one text part last), as tags in front of the text when they are
 * assets. Everything else is a plain string.
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
		const parts = pictures.uris.map(
			(url): ImagePart => ({ type: 'image_url', image_url: { url } }),
		);
		return [...parts, { type: 'text', text }];
	}
	if (pictures.road === 'none') return text;
	const tags = pictures.assets.map(
		({ id, mediaType }) => `<img src="data:${mediaType};asset_id,${id}" />`,
	);
	return `${tags.join(' ')}\n${text}`;
}
