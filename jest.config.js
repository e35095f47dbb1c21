/** Packages that ship ES modules only; jest runs CommonJS and has to translate them. */
const esModules = [
	'@borewit/text-codec',
	'@tokenizer/inflate',
	'file-type',
	// Not one itself, but its import of file-type has to be translated.
	'n8n-core/dist/execution-engine/node-execution-context/utils',
	'strtok3',
	'token-types',
	'uint8array-extras',
];

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	setupFiles: ['<rootDir>/test/support/seed.ts'],
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	transform: {
		'\\.[jt]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	moduleNameMapper: {
		// TypeScript wants dynamic imports of its own files to name the compiled one.
		'^(\\.{1,2}/.*)\\.js$': '$1',
		// It exports nothing to `require`, which is what jest turns every import into.
		'^file-type$': '<rootDir>/node_modules/file-type/index.js',
	},
	transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageReporters: ['text-summary', 'lcov'],
	coverageThreshold: { global: { lines: 90, branches: 90 } },
	testTimeout: 60_000,
};
