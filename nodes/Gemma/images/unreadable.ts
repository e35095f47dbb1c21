import { inputFailure, type Failure } from '../failure';
import type { Size } from './cropPlan';
import { MOST_PIXELS } from './library';

/** Where a picture came from, for the messages about it. */
export interface Origin {
	/** The display name of the field that named it. */
	field: string;
	/** `The binary field "data"`, `The picture at example.com`. */
	label: string;
	/** What the item holds, as a sentence; '' where that says nothing. */
	inventory: string;
}

const REMEDIES: Array<[RegExp, string]> = [
	[
		/PDF/,
		'Turn its pages into PNG or JPEG pictures first, or read its text with an Extract From File node.',
	],
	[
		/HEI[CF]/,
		"Convert it to JPEG first (on an iPhone: Settings › Camera › Formats › 'Most Compatible').",
	],
	[/SVG/, 'Export the drawing as PNG first.'],
	[
		/base64/,
		"Turn the text into a file with a Convert to File node ('Move Base64 String to File') first.",
	],
	[/HTML/, 'The address gives a web page: use the address of the picture itself.'],
	[/./, 'Give a PNG, JPEG, WebP, GIF, AVIF or TIFF picture.'],
];

/** The file is something else than a picture that can be read; `name` says what, with its article. */
export function notAPicture(origin: Origin, name: string): Failure {
	const remedy = REMEDIES.find(([pattern]) => pattern.test(name))![1];
	return inputFailure(
		origin.field,
		sentence(origin, `holds ${name}, which cannot be sent as a picture`),
		remedy,
	);
}

/** The file begins like a picture and cannot be decoded. */
export function damaged(origin: Origin, name: string, why: string): Failure {
	const reason = why.split('\n')[0];
	return inputFailure(
		origin.field,
		sentence(origin, `holds ${name} that is cut off or damaged (${reason})`),
		'Open the file on your computer to see whether it is whole; then check the node that produced it (an interrupted download or upload is the usual cause).',
	);
}

/** The picture is whole, and larger than what is decoded. */
export function tooManyPixels(origin: Origin, name: string, { width, height }: Size): Failure {
	const most = `${Math.floor(MOST_PIXELS / 1e6)} million`;
	return inputFailure(
		origin.field,
		sentence(
			origin,
			`holds ${name} of ${width} × ${height} pixels, and more than ${most} cannot be decoded`,
		),
		'Scale it down or cut it into parts before it comes here, for example with an Edit Image node.',
	);
}

/** What the user should know of a file of several pages, as a hint. */
export const firstPageOnly = ({ label }: Origin, name: string, pages: number): string =>
	`${label} holds ${name} of ${pages} pages; only the first was sent. Give each page as a picture of its own to have all of them read.`;

/** The file would have to be converted, and sharp is not there to do it. */
export function notConvertible(origin: Origin, name: string, why: string): Failure {
	return inputFailure(
		origin.field,
		sentence(
			origin,
			`holds ${name}, and the library that converts it (sharp) cannot be loaded here (${why})`,
		),
		'Send PNG or JPEG, or install the package again on this machine so that sharp finds its build for it.',
	);
}

const sentence = ({ label, inventory }: Origin, what: string) =>
	`${label} ${what}${inventory && `. ${inventory}`}`;
