import js from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { globalIgnores } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

// The rules of @n8n/node-cli's configWithoutCloudSupport, put together from its plugins: the CLI
// itself would bring an AI SDK and a code generator into every install.
const community = n8nCommunityNodesPlugin.configs.recommendedWithoutN8nCloudSupport;

export default tseslint.config(
	globalIgnores([
		'dist',
		'coverage',
		'bench/results*',
		'*/node_modules',
		'e2e/n8n',
		'editor/.data',
	]),
	{
		files: ['**/*.ts'],
		extends: [
			js.configs.recommended,
			tseslint.configs.recommended,
			community,
			importX.configs['flat/recommended'],
		],
		rules: { 'prefer-spread': 'off', 'no-console': 'error' },
		settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
	},
	{ plugins: { 'n8n-nodes-base': n8nNodesBase } },
	{
		files: ['package.json'],
		extends: [community],
		rules: {
			...n8nNodesBase.configs.community.rules,
			// Pictures are decoded by sharp and requests sent by undici: the package cannot do without
			// runtime dependencies, and so cannot be verified for n8n Cloud.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},
	{
		// What is not shipped may start programs: the tests run the sandbox and the examples for real.
		files: [
			'test/**/*.ts',
			'examples/**/*.ts',
			'bench/**/*.ts',
			'chaos/**/*.ts',
			'e2e/**/*.ts',
			'editor/**/*.ts',
		],
		rules: { '@n8n/community-nodes/no-dangerous-functions': 'off' },
	},
	{
		// Programs that people run in a terminal talk to it.
		files: [
			'sandbox/main.ts',
			'examples/**/*.ts',
			'bench/**/*.ts',
			'chaos/main.ts',
			'e2e/**/*.ts',
			'editor/**/*.ts',
		],
		rules: { 'no-console': 'off' },
	},
);
