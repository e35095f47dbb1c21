import type { INodeType } from 'n8n-workflow';

/**
 * What the editor calls. Loaded when it is called: n8n loads the node at its start, and most of
 * what these need has no business there.
 */
export const methods = {
	credentialTest: {
		async testGemmaApi(credential) {
			const { testGemmaApi } = await import('./testGemmaApi.js');
			return await testGemmaApi.call(this, credential);
		},
	},
	listSearch: {
		async searchModels(filter) {
			const { searchModels } = await import('./searchModels.js');
			return await searchModels.call(this, filter);
		},
	},
} satisfies INodeType['methods'];
