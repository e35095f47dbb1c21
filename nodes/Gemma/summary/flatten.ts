/** Elements whose content is no text. */
const WITHOUT_TEXT = ['script', 'style'];

/** Elements within a line. */
const INLINE = [
	'a',
	'abbr',
	'b',
	'code',
	'em',
	'font',
	'i',
	'small',
	'span',
	'strong',
	'sub',
	'sup',
	'u',
];

const TAG = /<(?:[a-z!?]|\/[a-z])/gi;
const NAME = /[a-z][a-z0-9]*/iy;

/**
 * A page without its elements: its text, with `<br>` where a block begins or ends. It takes time in
 * proportion to the page's length, however deep its elements are nested.
 */
export function flatten(html: string): string {
	const lines: string[] = [];
	let line = '';
	let at = 0;
	while (at < html.length) {
		const start = find(TAG, html, at);
		line += html.slice(at, start);
		at = start;
		if (at === html.length) break;
		if (html.startsWith('<!--', at)) {
			at = behind('-->', html, at);
			continue;
		}
		const name = nameAt(html, html[at + 1] === '/' ? at + 2 : at + 1);
		const isOpening = html[at + 1] !== '/';
		at = behind('>', html, at);
		if (isOpening && WITHOUT_TEXT.includes(name))
			at = find(new RegExp(`</${name}`, 'gi'), html, at);
		if (INLINE.includes(name)) continue;
		if (line.trim() !== '') lines.push(line);
		line = '';
	}
	if (line.trim() !== '') lines.push(line);
	return lines.join('<br>');
}

/** Where the pattern is found next; the end when it is not. */
function find(pattern: RegExp, html: string, from: number): number {
	pattern.lastIndex = from;
	return pattern.exec(html)?.index ?? html.length;
}

function behind(mark: string, html: string, from: number): number {
	const index = html.indexOf(mark, from);
	return index < 0 ? html.length : index + mark.length;
}

function nameAt(html: string, at: number): string {
	NAME.lastIndex = at;
	return NAME.exec(html)?.[0].toLowerCase() ?? '';
}
