/** Packages that ship ES modules only; jest runs CommonJS and has to translate them. */
const esModules = [
	'@borewit/text-codec',
	'@tokenizer/inflate',
	'file-type',
	'strtok3',
	'token-types',
	'uint8array-extras',
];

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: {
		'\\.[jt]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	// TypeScript wants dynamic imports of its own files to name the compiled one.
	moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
	transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'lcov'],
	coverageThreshold: { global: { lines: 90, branches: 90 } },
	testTimeout: 30_000,
};
