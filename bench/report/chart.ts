import type { Outcome } from '../benchmarks/types';
import { inDigits, type Figure } from '../measure/figure';

const WIDTH = 900;
const LABELS = 400;
const VALUES = 90;
const BAR = 16;
const ROW = 24;
const TITLE = 54;
const GAP = 20;
const OURS = '#0b7285';
const OTHERS = '#adb5bd';
const INK = '#212529';

/** All benchmarks as bars, one above the other: medians, with a line over the range. */
export function toSvg(outcomes: Outcome[]): string {
	let y = GAP;
	const panels = outcomes.map((outcome) => {
		const panel = drawPanel(outcome, y);
		y += panel.height + GAP;
		return panel.svg;
	});
	return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="12" fill="${INK}">
<rect width="100%" height="100%" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}

function drawPanel({ id, title, figures, charted }: Outcome, top: number) {
	const shown = figures.filter(({ name, median }) => name === charted && !Number.isNaN(median));
	const scale = scaleOf(shown);
	const unit = shown[0]?.unit ?? '';
	const rows = shown.map((figure, row) => drawRow(figure, top + TITLE + row * ROW, scale));
	const heading = `<text x="${GAP}" y="${top + 16}" font-size="15" font-weight="bold">${escaped(`${id}. ${title}`)}</text>
<text x="${GAP}" y="${top + 36}">${escaped(`${charted}, ${unit}${scale.isLogarithmic ? ' (logarithmic)' : ''}`)}</text>`;
	return { svg: [heading, ...rows].join('\n'), height: TITLE + rows.length * ROW };
}

interface Scale {
	isLogarithmic: boolean;
	/** Pixels from the bars' left edge. */
	at(value: number): number;
}

/** Where the longest bar is a hundred times the shortest, only a logarithm shows both. */
function scaleOf(figures: Figure[]): Scale {
	const room = WIDTH - LABELS - VALUES - GAP;
	const most = Math.max(...figures.map(({ max }) => max));
	const least = Math.min(...figures.map(({ min }) => min));
	if (least <= 0 || most / least < 30) {
		return { isLogarithmic: false, at: (value) => (most > 0 ? (value / most) * room : 0) };
	}
	const floor = Math.log10(least / 2);
	const span = Math.log10(most) - floor;
	return { isLogarithmic: true, at: (value) => ((Math.log10(value) - floor) / span) * room };
}

function drawRow({ variant, median, min, max }: Figure, y: number, scale: Scale): string {
	const [from, middle, to] = [min, median, max].map((value) => LABELS + scale.at(value));
	const centre = y + BAR / 2;
	const isOurs = /this node/i.test(variant);
	return `<text x="${LABELS - 8}" y="${centre + 4}" text-anchor="end"${isOurs ? ' font-weight="bold"' : ''}>${escaped(variant)}</text>
<rect x="${LABELS}" y="${y}" width="${px(middle - LABELS)}" height="${BAR}" fill="${isOurs ? OURS : OTHERS}"/>
<path d="M${px(from)} ${centre}H${px(to)}M${px(from)} ${y + 4}v8M${px(to)} ${y + 4}v8" stroke="${INK}" fill="none"/>
<text x="${px(to + 8)}" y="${centre + 4}">${inDigits(median)}</text>`;
}

const px = (value: number) => Number(value.toFixed(1));

const escaped = (text: string) =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
