import type { HtmlToTextOptions } from 'html-to-text';

import { flatten } from './flatten';

/** The elements of a page that say nothing of its matter. */
const LEFT_OUT = ['img', 'nav', 'script', 'style', 'noscript', 'svg', 'form', 'button'];

export const isHtml = (text: string): boolean => /^\s*(<!doctype html|<html)/i.test(text);

/**
 * The words of an HTML page: headings, paragraphs, lists and tables, without links' addresses. Of
 * one that is nested too deep to be walked through, the words line by line.
 */
export async function htmlToPlainText(html: string): Promise<string> {
	const { convert } = await import('html-to-text');
	try {
		return convert(html, OPTIONS);
	} catch {
		// The walk recurses, and the stack ends at some thousand levels.
		return convert(flatten(html), OPTIONS);
	}
}

const OPTIONS: HtmlToTextOptions = {
	wordwrap: false,
	limits: { maxInputLength: undefined },
	selectors: [
		...LEFT_OUT.map((selector) => ({ selector, format: 'skip' })),
		{ selector: 'a', options: { ignoreHref: true } },
		...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({
			selector,
			options: { uppercase: false },
		})),
		{ selector: 'table', format: 'block' },
		{ selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
		...['td', 'th'].map((selector) => ({
			selector,
			format: 'inlineSurround',
			options: { suffix: ' | ' },
		})),
	],
};
