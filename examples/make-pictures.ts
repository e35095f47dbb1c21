import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

/** Pictures to try the examples with, drawn by code, so that they are ours: `node --import tsx examples/make-pictures.ts` */
const folder = join(__dirname, 'pictures');

const svg = (width: number, height: number, body: string) =>
	Buffer.from(
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`,
	);

const text = (x: number, y: number, size: number, words: string, more = '') =>
	`<text x="${x}" y="${y}" font-size="${size}" font-family="sans-serif" ${more}>${words}</text>`;

/** A printed invoice on a table, a little crooked. */
function invoice(): Buffer {
	const lines = [
		['Ground coffee, 1 kg', '6', '14.50', '87.00'],
		['Paper filters, 100', '4', '3.20', '12.80'],
		['Delivery', '1', '6.90', '6.90'],
	];
	const row = (cells: string[], y: number, more = '') =>
		cells
			.map((cell, i) =>
				text([90, 560, 680, 830][i], y, 22, cell, `${i > 0 ? 'text-anchor="end" ' : ''}${more}`),
			)
			.join('');
	const paper = [
		'<rect x="40" y="40" width="840" height="1120" fill="#fdfcf8"/>',
		text(90, 130, 40, 'Harbour Roasters', 'font-weight="bold"'),
		text(90, 165, 20, '7 Quay Street, 1234 Portville'),
		text(90, 260, 30, 'Invoice HR-2041', 'font-weight="bold"'),
		text(90, 300, 22, 'Date: 14 March 2026'),
		text(90, 332, 22, 'For: Corner Bookshop, 3 Mill Lane, Portville'),
		row(['Item', 'Pieces', 'Each', 'EUR'], 430, 'font-weight="bold"'),
		'<path d="M90 445H830" stroke="#333"/>',
		...lines.map((cells, index) => row(cells, 490 + index * 45)),
		'<path d="M90 640H830" stroke="#333"/>',
		row(['Net', '', '', '106.70'], 685),
		row(['VAT 19 %', '', '', '20.27'], 725),
		row(['Total to be paid', '', '', '126.97'], 785, 'font-weight="bold"'),
		text(90, 900, 20, 'Payable within 14 days. Thank you.'),
	];
	return svg(
		960,
		1240,
		`<rect width="960" height="1240" fill="#8a6a4a"/><g transform="rotate(-1.6 480 620)">${paper.join('')}</g>`,
	);
}

function chart(): Buffer {
	const years = [
		['2021', 120],
		['2022', 180],
		['2023', 150],
		['2024', 240],
		['2025', 310],
	] as const;
	const y = (value: number) => 520 - value * 1.25;
	const bars = years.map(([year, value], index) => {
		const x = 150 + index * 140;
		const height = 520 - y(value);
		return `<rect x="${x}" y="${y(value)}" width="80" height="${height}" fill="#3b76b8"/>
			${text(x + 40, y(value) - 12, 22, String(value), 'text-anchor="middle"')}
			${text(x + 40, 555, 22, year, 'text-anchor="middle"')}`;
	});
	const grid = [0, 100, 200, 300].map(
		(value) => `<path d="M110 ${y(value)}H840" stroke="#ccc"/>
			${text(100, y(value) + 7, 20, String(value), 'text-anchor="end" fill="#555"')}`,
	);
	return svg(
		900,
		600,
		`<rect width="900" height="600" fill="#fff"/>
		${text(450, 60, 28, 'Bicycles rented in Portville, in thousands', 'text-anchor="middle"')}
		${grid.join('')}${bars.join('')}`,
	);
}

const product = (colour: string, shape: string) =>
	svg(
		800,
		800,
		`<rect width="800" height="800" fill="#f3f1ee"/><rect y="560" width="800" height="240" fill="#e2ded8"/>
		<ellipse cx="400" cy="625" rx="230" ry="28" fill="#bdb6ad"/><g fill="${colour}">${shape}</g>`,
	);

const mug = () =>
	product(
		'#b8372f',
		`<path d="M230 260H530V560Q530 630 460 630H300Q230 630 230 560Z"/>
		<ellipse cx="380" cy="260" rx="150" ry="34" fill="#7d211b"/>
		<path d="M530 330Q660 330 640 440Q630 530 530 540" fill="none" stroke="#b8372f" stroke-width="38"/>`,
	);

const lamp = () =>
	product(
		'#2f8f6b',
		`<path d="M290 180H510L610 400H190Z"/><rect x="386" y="400" width="28" height="190" fill="#444"/>
		<rect x="290" y="585" width="220" height="40" rx="12" fill="#444"/>`,
	);

/** An A4 page at 200 dots an inch, in print of ten points: too small for the model in one view. */
function scan(): Buffer {
	const lines = PAGE.flatMap((paragraph) => [...wrapped(paragraph, 88), '']);
	const print = lines.map((line, index) => text(170, 420 + index * 42, 28, line));
	return svg(
		1654,
		2339,
		`<rect width="1654" height="2339" fill="#fff"/>
		${text(170, 290, 52, 'Rules of the Portville Allotments', 'font-weight="bold"')}
		${text(170, 345, 28, 'As agreed at the meeting of 2 February 2026')}${print.join('')}
		${text(827, 2230, 28, '1', 'text-anchor="middle"')}`,
	);
}

const PAGE = [
	'1. Each plot has one tenant. A tenant who wants to give up a plot tells the committee by the end of September; the plot is then free from the first of January.',
	'2. The yearly rent is 38 euros for each hundred square metres, due on the first of March. The water meter is read in October, and a cubic metre costs 2.15 euros.',
	'3. Paths of less than 80 centimetres are kept clear by both neighbours. The main path is wide enough for a wheelbarrow and a bicycle at once, and stays so.',
	'4. Fires are allowed from November to February, on Saturdays before noon, and only with wood that is dry. Nobody burns painted boards, plastic or wet leaves.',
	'5. A shed may have a floor of up to six square metres and a height of 2.30 metres. It stands at least one metre from the fence. Glass houses count as sheds.',
	'6. Bees are welcome. Whoever keeps more than two hives asks the neighbours first and puts up a bowl of water, so that the bees need not look for it elsewhere.',
	'7. Trees that grow higher than four metres are planted no nearer than three metres to the next plot. Walnut trees are not planted at all.',
	'8. Tools from the common shed are back on the same evening. The mower is lent for two hours, with the tank filled, and its key hangs behind the door, on the left.',
	'9. On the last Saturday of April and of October every tenant works for three hours on what belongs to all. Whoever cannot come pays 25 euros into the common fund.',
];

function wrapped(paragraph: string, length: number): string[] {
	const lines = [''];
	for (const word of paragraph.split(' ')) {
		if (`${lines.at(-1)} ${word}`.length > length) lines.push(word);
		else lines.push(`${lines.pop()} ${word}`.trim());
	}
	return lines;
}

async function draw(): Promise<void> {
	mkdirSync(folder, { recursive: true });
	const photos = { invoice: invoice(), mug: mug(), lamp: lamp() };
	for (const [name, drawing] of Object.entries(photos)) {
		const file = join(folder, `${name}.jpg`);
		await sharp(drawing).jpeg({ quality: 80 }).toFile(file);
	}
	for (const [name, drawing] of Object.entries({ chart: chart(), scan: scan() })) {
		const file = join(folder, `${name}.png`);
		await sharp(drawing)
			.greyscale(name === 'scan')
			.png({ palette: true, colours: 16 })
			.toFile(file);
	}
}

void draw();
