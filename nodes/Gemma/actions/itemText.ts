import type { IExecuteFunctions } from 'n8n-workflow';

import { isBlank } from '../conversation/turn';
import { inputFailure, type Failure } from '../failure';
import { BINARY_FIELD, binaryNames } from '../images/names';
import type { Origin } from '../images/unreadable';
import { textOf } from '../json';
import { charsetOfPage, charsetOfType, headOf } from '../summary/charset';
import { decodeText, hasByteOrderMark, isPlainText } from '../summary/decode';
import { htmlToPlainText, isHtml } from '../summary/plainText';
import { itemBinary, type ItemBinary } from './itemBinary';
import { choiceValue } from './values';

const TEXT_FIELD = 'Text';

/** Types by which file-type names what is text all the same. */
const TEXT_TYPES = ['application/xml', 'text/'];

/** Types whose files are plain characters, and no text that a person would read. */
const MARKED_UP = [
	'application/pdf',
	'application/rtf',
	'application/postscript',
	'application/eps',
];

/**
 * The text of an item, out of a field or a text file.
 *
 * @throws Failure of kind `input` when there is none, or the file is no text.
 */
export async function itemText(context: IExecuteFunctions, itemIndex: number): Promise<string> {
	const parameter = (name: string, fallback: string): unknown =>
		context.getNodeParameter(name, itemIndex, fallback);
	const source = choiceValue('Source', parameter('source', 'text'), ['text', 'binary']);
	if (source === 'binary') {
		const name = oneName(parameter('binaryPropertyName', 'data'));
		return await fileText(itemBinary(context, itemIndex, name));
	}
	const text = textOf(parameter('text', ''));
	if (!isBlank(text)) return text;
	throw inputFailure(
		TEXT_FIELD,
		`${TEXT_FIELD} is empty`,
		'Give the text that is to be summarized; if it comes from an expression, look at what that gives for this item.',
	);
}

/** @throws Failure of kind `input`, also for several: one text is summarized. */
function oneName(value: unknown): string | object {
	const [name, ...more] = binaryNames(value);
	if (more.length === 0) return name;
	throw inputFailure(
		BINARY_FIELD,
		`${BINARY_FIELD} holds ${more.length + 1} names, and a summary is of one file`,
		'Give one field for each item; with Scope set to All Items Together the files of all items make one summary.',
	);
}

async function fileText({ data, origin, read }: ItemBinary): Promise<string> {
	const bytes = await read();
	const type = await typeOf(bytes);
	const isText = !type || TEXT_TYPES.some((start) => type.startsWith(start));
	const isPage =
		/html/i.test(data.mimeType) ||
		/^x?html?$/i.test(data.fileExtension ?? '') ||
		isHtml(headOf(bytes));
	const charset = charsetOfType(data.mimeType) ?? (isPage ? charsetOfPage(bytes) : undefined);
	const raw = isText ? decodeText(bytes, charset) : undefined;
	if (raw === undefined) throw notText(origin, type);
	const text = isPage || isHtml(raw) ? await htmlToPlainText(raw) : raw;
	if (!isBlank(text)) return text;
	throw inputFailure(
		origin.field,
		`${origin.label} holds no text`,
		'Look at the file in the Binary tab of the input: it is empty, or a page whose text is made in the browser.',
	);
}

/**
 * The type of a file that is more than text. A mark of Unicode could pass for the start of a sound,
 * and so could a text's first letters: BMW's for a bitmap, FORM's for a sound.
 */
async function typeOf(bytes: Buffer): Promise<string | undefined> {
	if (hasByteOrderMark(bytes)) return undefined;
	const { fileTypeFromBuffer } = await import('file-type');
	const type = (await fileTypeFromBuffer(bytes))?.mime;
	return type && !MARKED_UP.includes(type) && isPlainText(bytes) ? undefined : type;
}

function notText({ field, label, inventory }: Origin, type: string | undefined): Failure {
	const what = type === undefined ? 'no text that can be read' : `a file of type ${type}, not text`;
	return inputFailure(
		field,
		`${label} holds ${what}. ${inventory}`,
		"Use n8n's Extract from File node first (for a PDF its operation 'Extract From PDF'), then summarize the text that it gives. TXT, Markdown, CSV and HTML files are read as they are.",
	);
}
