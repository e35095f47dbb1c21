// Adds the optional platform packages that npm left out of package-lock.json, the root's or that of
// a folder given by its path from the root: `node scripts/complete-lockfile.mjs e2e`.
//
// npm forgets an optional package that the registry in use does not carry (a mirror with Linux
// builds only, say), and `npm ci` then refuses the lockfile on every platform. The parent names
// each of them with an exact version, so the entry can be written from that; `os` and `cpu` come
// from the package's name and keep npm from downloading it where it cannot run.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL(`../${process.argv[2] ?? '.'}/package-lock.json`, import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));

const SYSTEMS = [
	'aix',
	'android',
	'darwin',
	'freebsd',
	'linux',
	'netbsd',
	'openbsd',
	'openharmony',
	'sunos',
	'win32',
];
const CPUS = [
	'arm64',
	'arm',
	'armv6',
	'armv7',
	'ia32',
	'loong64',
	'mips64el',
	'ppc64',
	'riscv64',
	's390x',
	'wasm32',
	'x64',
];

/** The words of `known` that the package's name contains. */
const wordOf = (name, known) =>
	name
		.split(/[-/]/)
		.map((word) => word.replace(/^linuxmusl$/, 'linux'))
		.filter((word) => known.includes(word));

for (const [path, parent] of Object.entries({ ...lock.packages })) {
	for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
		const places = [`${path}/node_modules/${name}`, `node_modules/${name}`];
		if (path === '' || places.some((place) => lock.packages[place])) continue;
		if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) continue;
		const os = wordOf(name, SYSTEMS);
		const cpu = wordOf(name, CPUS);
		lock.packages[`node_modules/${name}`] = {
			version,
			...(cpu.length > 0 && { cpu }),
			...(parent.dev && { dev: true }),
			optional: true,
			...(os.length > 0 && { os }),
		};
	}
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en'));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, '\t')}\n`);
