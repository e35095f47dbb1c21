import { inDigits, type Figure } from '../measure/figure';
import type { Made, Report } from './report';

const MISSING = '–';

/** The report for people. */
export function toMarkdown(report: Report): string {
	const { machine } = report;
	const packages = Object.entries(machine.packages).map(([name, version]) => `${name} ${version}`);
	return `${[
		'# Benchmarks',
		'This node beside n8n’s own nodes and the libraries below them, on one machine, all that a benchmark compares measured in one run of it, against local servers with a set latency and speed. The nodes run in n8n’s own engine, without its server. A figure is the median; its range, where there is one, is in brackets.',
		...warnings(report),
		table(
			['', ''],
			[
				['Machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB`],
				['System', `${machine.system}, Node ${machine.node}`],
				['Packages', packages.join(', ')],
			],
		),
		'![The figures as bars](results.svg)',
		...report.benchmarks.flatMap(section),
		'`npm run bench` makes these figures again, `npm run bench -- --only 1,3` some of them, which leaves the others as they are; `results.json` holds every one.',
	].join('\n\n')}\n`;
}

/** What came of an aim, in a word or two. */
export const verdict = (met: boolean | undefined) =>
	met === undefined ? 'not measured' : met ? 'met' : 'not met';

function warnings({ quick, hasPeers }: Report): string[] {
	return [
		...(quick
			? [
					'> **A quick run**: fewest repetitions and cases. It shows that everything works; do not quote it.',
				]
			: []),
		...(hasPeers
			? []
			: [
					'> n8n’s language model nodes and the openai SDK were not installed: those rows are missing.',
				]),
	];
}

function section({ id, title, what, figures, bars, notes, date }: Made): string[] {
	return [
		`## ${id}. ${title}`,
		`${what} _Made on ${date.slice(0, 10)}._`,
		figuresTable(figures),
		...(notes.length > 0 ? [notes.map((note) => `- ${note}`).join('\n')] : []),
		table(
			['Aim', 'Found', ''],
			bars.map(({ bar, found, met }) => [
				bar,
				found,
				met === false ? `**${verdict(met)}**` : verdict(met),
			]),
		),
	];
}

function figuresTable(figures: Figure[]): string {
	const columns = [...new Map(figures.map(({ name, unit }) => [name, unit]))];
	const variants = [...new Set(figures.map(({ variant }) => variant))];
	return table(
		['', ...columns.map(([name, unit]) => `${name}, ${unit}`)],
		variants.map((variant) => [
			variant,
			...columns.map(([name]) =>
				cell(figures.find((one) => one.variant === variant && one.name === name)),
			),
		]),
		true,
	);
}

function cell(figure: Figure | undefined): string {
	if (!figure || Number.isNaN(figure.median)) return MISSING;
	const [median, min, max] = [figure.median, figure.min, figure.max].map(inDigits);
	return min === max ? median : `${median} (${min}–${max})`;
}

function table(head: string[], rows: string[][], numbers = false): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, column) => (numbers && column > 0 ? '--:' : '---'));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}
