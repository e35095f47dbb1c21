/** A number as JSON writes it (RFC 8259, section 6). */
export const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * Whether a number keeps its value when JavaScript reads it. Whole numbers have to keep every digit
 * (identifiers beyond 2^53 do not), and none may overflow or vanish; a fraction with more than 17
 * digits is rounded, as every JSON reader does.
 *
 * @param written a JSON number.
 */
export function keepsValue(written: string): boolean {
	const number = Number(written);
	if (!Number.isFinite(number)) return false;
	return !Number.isInteger(number) || digits(written) === digits(String(number));
}

/** The same text for the same value: significant digits and the power of ten behind them. */
function digits(number: string): string {
	const [significand, exponent = '0'] = number.replace('-', '').toLowerCase().split('e');
	const [whole, fraction = ''] = significand.split('.');
	const all = whole + fraction;
	let from = 0;
	let to = all.length;
	while (all[from] === '0') from++;
	while (to > from && all[to - 1] === '0') to--;
	if (from === to) return '0';
	return `${all.slice(from, to)}e${Number(exponent) - fraction.length + all.length - to}`;
}
