import { join } from 'node:path';
import sharp from 'sharp';

/** A still life drawn by code, so that the picture is ours: `node --import tsx examples/make-photo.ts` */
const [width, height] = [3264, 2448];

/** Colours of a ball under a lamp at its upper left: lit spot, body, shade, light from the table. */
const ball = (id: string, colours: string[]) =>
	`<radialGradient id="${id}" cx="0.36" cy="0.3" r="0.82" fx="0.3" fy="0.22">${colours
		.map((colour, index) => `<stop offset="${[0, 0.38, 0.8, 1][index]}" stop-color="${colour}"/>`)
		.join('')}</radialGradient>`;

/** Colours side by side, for what stands upright and is round. */
const across = (id: string, colours: string[]) =>
	`<linearGradient id="${id}">${colours
		.map((colour, i) => `<stop offset="${i / (colours.length - 1)}" stop-color="${colour}"/>`)
		.join('')}</linearGradient>`;

const blur = (id: string, radius: number) =>
	`<filter id="${id}" x="-60%" y="-60%" width="220%" height="220%">
		<feGaussianBlur stdDeviation="${radius}"/></filter>`;

/** Noise stretched along one axis and turned into transparent specks or lines of one colour. */
const grain = (id: string, frequency: string, seed: number, colour: string, strength: string) =>
	`<filter id="${id}" x="0" y="0" width="100%" height="100%">
		<feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="5" seed="${seed}"/>
		<feColorMatrix values="0 0 0 0 ${colour.split(' ').join(' 0 0 0 0 ')} ${strength}"/>
		<feComposite in2="SourceGraphic" operator="in"/></filter>`;

const apple =
	'M770 690C735 655 625 660 597 760C570 865 640 985 715 990C745 992 755 980 778 980C800 980 812 992 842 988C915 980 975 865 948 762C922 662 812 655 770 690Z';
const pear =
	'M1120 470C1070 468 1052 520 1050 570C1046 660 945 710 942 835C940 945 1020 990 1125 990C1230 990 1308 940 1305 835C1302 712 1200 660 1193 570C1190 520 1170 472 1120 470Z';
const cup = 'M300 520L330 850C335 905 385 925 455 925C525 925 575 905 580 850L610 520Z';

const scene = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 1600 1200">
<defs>
${ball('red', ['#f2695a', '#c81d1d', '#7d0a12', '#98231c'])}
${ball('yellow', ['#fbe88a', '#e6bb33', '#a87413', '#b98a2b'])}
${across('blue', ['#3d6f9e', '#7fb2d8', '#4c86b8', '#2b5c8c', '#173a5f', '#204a72'])}
${across('inside', ['#16324c', '#24507a', '#5e93bd'])}
${across('stem', ['#7a5730', '#4a3018', '#2c1b0d'])}
${blur('soft', 26)}${blur('softer', 60)}${blur('near', 9)}${blur('glow', 14)}
${grain('lines', '0.0022 0.055', 4, '0.2 0.09 0.03', '0 0 0 2.6 -1.05')}
${grain('knots', '0.004 0.018', 9, '0.95 0.72 0.42', '0 0 0 1.5 -0.66')}
${grain('plaster', '0.012 0.014', 3, '1 0.95 0.85', '0 0 0 0.32 -0.1')}
${grain('streaks', '0.11 0.009', 6, '0.98 0.72 0.3', '0 0 0 1.9 -0.98')}
${grain('specks', '0.22 0.22', 8, '0.42 0.24 0.06', '0 0 0 4.2 -2.5')}
${grain('blush', '0.006 0.005', 5, '0.82 0.28 0.08', '0 0 0 1.5 -0.62')}
<radialGradient id="wall" cx="0.22" cy="0.2" r="1">
	<stop stop-color="#d3cbb6"/><stop offset="0.5" stop-color="#92958a"/>
	<stop offset="1" stop-color="#3f4a4a"/></radialGradient>
<linearGradient id="table" x2="0.5" y2="1">
	<stop stop-color="#8a5a30"/><stop offset="0.4" stop-color="#b57b45"/>
	<stop offset="1" stop-color="#7a4b26"/></linearGradient>
<radialGradient id="vignette" cx="0.45" cy="0.5" r="0.8">
	<stop offset="0.55" stop-opacity="0"/><stop offset="1" stop-opacity="0.6"/></radialGradient>
<clipPath id="inApple"><path d="${apple}"/></clipPath>
<clipPath id="inPear"><path d="${pear}"/></clipPath>
<clipPath id="inCup"><path d="${cup}"/></clipPath>
</defs>

<rect width="1600" height="760" fill="url(#wall)"/>
<rect width="1600" height="760" filter="url(#plaster)"/>
<path d="M120 -50L520 -50L900 760L440 760Z" fill="#fff3d0" opacity="0.2" filter="url(#softer)"/>

<rect y="735" width="1600" height="465" fill="url(#table)"/>
<rect y="735" width="1600" height="465" filter="url(#knots)"/>
<rect y="735" width="1600" height="465" filter="url(#lines)"/>
<g stroke="#2d1808" opacity="0.75"><path d="M0 822H1600" stroke-width="3"/>
	<path d="M0 938H1600" stroke-width="4"/><path d="M0 1092H1600" stroke-width="6"/></g>
<g stroke="#e9b77c" opacity="0.4"><path d="M0 826H1600M0 943H1600M0 1099H1600" stroke-width="2"/></g>
<rect y="722" width="1600" height="24" fill="#2b1a0d" opacity="0.55" filter="url(#near)"/>
<ellipse cx="420" cy="960" rx="520" ry="130" fill="#ffe2a8" opacity="0.22" filter="url(#softer)"/>

<g fill="#1c0d04" filter="url(#soft)">
	<ellipse cx="640" cy="900" rx="290" ry="34" opacity="0.9"/>
	<ellipse cx="1300" cy="962" rx="290" ry="38" opacity="0.95"/>
	<ellipse cx="930" cy="976" rx="250" ry="36" opacity="0.95"/></g>

<path d="M318 610C200 590 190 790 345 800" fill="none" stroke="#2b5c8c" stroke-width="34"/>
<path d="M318 604C205 584 196 780 345 792" fill="none" stroke="#8fbfe0" stroke-width="8" opacity="0.7" filter="url(#near)"/>
<path d="${cup}" fill="url(#blue)"/>
<g clip-path="url(#inCup)"><path d="M300 632Q455 676 620 632V682Q455 728 300 682Z" fill="#f3ecdb"/>
	<path d="M300 632Q455 676 620 632V682Q455 728 300 682Z" fill="url(#blue)" opacity="0.4"/>
	<path d="M355 560L378 850" stroke="#fff" stroke-width="26" opacity="0.55" filter="url(#glow)"/>
	<ellipse cx="470" cy="935" rx="200" ry="60" fill="#0c2238" opacity="0.7" filter="url(#soft)"/></g>
<ellipse cx="455" cy="520" rx="155" ry="34" fill="#a9cde6"/>
<ellipse cx="455" cy="524" rx="143" ry="28" fill="url(#inside)"/>
<ellipse cx="462" cy="533" rx="122" ry="18" fill="#2a1408"/>
<g fill="none" stroke="#fff" stroke-width="16" stroke-linecap="round" opacity="0.34" filter="url(#glow)">
	<path d="M420 480C380 400 460 360 420 270"/><path d="M490 480C540 390 460 340 510 240"/></g>

<ellipse cx="1125" cy="984" rx="130" ry="16" fill="#120702" opacity="0.8" filter="url(#near)"/>
<path d="M1118 478C1116 430 1128 395 1152 372L1172 384C1148 406 1138 440 1138 478Z" fill="url(#stem)"/>
<path d="${pear}" fill="url(#yellow)"/>
<g clip-path="url(#inPear)"><rect x="930" y="460" width="390" height="540" filter="url(#blush)" opacity="0.55"/>
	<rect x="930" y="460" width="390" height="540" filter="url(#specks)" opacity="0.75"/>
	<path d="M1180 480C1200 640 1270 720 1270 840C1270 930 1230 980 1150 1010H1400V480Z" fill="#5a3205" opacity="0.75" filter="url(#soft)"/>
	<ellipse cx="1110" cy="1004" rx="200" ry="42" fill="#4a2405" opacity="0.75" filter="url(#glow)"/>
	<ellipse cx="948" cy="890" rx="40" ry="90" fill="#b5231c" opacity="0.4" filter="url(#glow)"/>
	<ellipse cx="1046" cy="770" rx="34" ry="58" fill="#fffbe0" opacity="0.8" filter="url(#glow)" transform="rotate(24 1046 770)"/>
	<ellipse cx="1096" cy="545" rx="14" ry="34" fill="#fffbe0" opacity="0.6" filter="url(#near)"/></g>

<ellipse cx="776" cy="986" rx="120" ry="15" fill="#120702" opacity="0.85" filter="url(#near)"/>
<path d="${apple}" fill="url(#red)"/>
<g clip-path="url(#inApple)"><rect x="580" y="650" width="390" height="350" filter="url(#streaks)" opacity="0.6"/>
	<ellipse cx="772" cy="692" rx="105" ry="34" fill="#d9a03a" opacity="0.6" filter="url(#glow)"/>
	<ellipse cx="772" cy="690" rx="52" ry="17" fill="#2b0a05" opacity="0.85" filter="url(#near)"/>
	<path d="M900 660C930 800 900 930 780 1010H1000V660Z" fill="#2a0206" opacity="0.7" filter="url(#soft)"/>
	<ellipse cx="770" cy="1002" rx="190" ry="38" fill="#38080a" opacity="0.7" filter="url(#glow)"/>
	<ellipse cx="940" cy="860" rx="16" ry="70" fill="#e8b24a" opacity="0.45" filter="url(#near)"/>
	<ellipse cx="672" cy="775" rx="32" ry="52" fill="#fff" opacity="0.85" filter="url(#glow)" transform="rotate(28 672 775)"/></g>
<path d="M764 696C762 650 772 618 800 590L816 602C792 630 784 660 782 697Z" fill="url(#stem)"/>
<path d="M790 632C830 570 910 560 965 590C925 645 850 665 790 632Z" fill="#4f8a2f"/>
<path d="M790 632C840 612 900 600 965 590C925 645 850 665 790 632Z" fill="#356a22"/>
<path d="M790 632C840 612 900 600 960 591" fill="none" stroke="#a9c878" stroke-width="3"/>
<rect width="1600" height="1200" fill="url(#vignette)"/>
</svg>`;

const noise = { type: 'gaussian', mean: 128, sigma: 26 } as const;
const draw = async () => {
	const film = await sharp({ create: { width, height, channels: 3, background: '#808080', noise } })
		.blur(0.7)
		.png({ compressionLevel: 1 })
		.toBuffer();
	const file = join(__dirname, 'photo.jpg');
	const { size } = await sharp(Buffer.from(scene))
		.composite([{ input: film, blend: 'soft-light' }])
		.removeAlpha()
		.jpeg({ quality: 88 })
		.toFile(file);
	console.log(`${file}: ${width} × ${height}, ${(size / 1e6).toFixed(1)} MB`);
};

void draw();
