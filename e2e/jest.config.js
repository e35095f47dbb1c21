const base = require('../jest.config.js');

/** The tests in the real n8n; each starts servers and programs, so one file runs at a time. */
/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	rootDir: '..',
	roots: ['<rootDir>/e2e/tests'],
	testMatch: ['<rootDir>/e2e/tests/**/*.test.ts'],
	transform: base.transform,
	moduleNameMapper: base.moduleNameMapper,
	transformIgnorePatterns: base.transformIgnorePatterns,
	maxWorkers: 1,
	verbose: true,
	testTimeout: 300_000,
};
