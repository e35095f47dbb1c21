import { createRequire } from 'node:module';
import path from 'node:path';
import { NodeHelpers, type INode, type INodeType, type IVersionedNodeType } from 'n8n-workflow';

import { Gemma } from '../../nodes/Gemma/Gemma.node';
import { GEMMA_TYPE } from '../support/gemmaWorkflow';
import { exampleFiles, readExample } from './bench';

const require = createRequire(__filename);

/** The newest version of a node that n8n 2.8, the oldest one that is tested, knows. */
const NEWEST_IN_OLDEST: Record<string, number> = {
	'n8n-nodes-base.aggregate': 1,
	'n8n-nodes-base.convertToFile': 1.1,
	'n8n-nodes-base.dataTable': 1.1,
	'n8n-nodes-base.emailReadImap': 2.1,
	'n8n-nodes-base.emailSend': 2.1,
	'n8n-nodes-base.formTrigger': 2.5,
	'n8n-nodes-base.noOp': 1,
	'n8n-nodes-base.rssFeedRead': 1.2,
	'n8n-nodes-base.scheduleTrigger': 1.3,
	'n8n-nodes-base.set': 3.4,
	'n8n-nodes-base.splitOut': 1,
	'n8n-nodes-base.stickyNote': 1,
	'n8n-nodes-base.switch': 3.4,
	'@n8n/n8n-nodes-langchain.chatTrigger': 1.4,
	'@n8n/n8n-nodes-langchain.memoryBufferWindow': 1.3,
	'@n8n/n8n-nodes-langchain.memoryManager': 1.1,
	[GEMMA_TYPE]: 1,
};

/** Jest cannot load these, which need a package that is an ES module. */
const NOT_LOADABLE = ['n8n-nodes-base.emailSend', 'n8n-nodes-base.formTrigger'];

function typeOf({ type, typeVersion }: INode): INodeType | undefined {
	if (type === GEMMA_TYPE) return new Gemma();
	if (!type.startsWith('n8n-nodes-base.') || NOT_LOADABLE.includes(type)) return undefined;
	const known = require('n8n-nodes-base/dist/known/nodes.json') as Record<
		string,
		{ className: string; sourcePath: string }
	>;
	const { className, sourcePath } = known[type.replace('n8n-nodes-base.', '')];
	const folder = path.dirname(require.resolve('n8n-nodes-base/package.json'));
	const loaded = require(path.join(folder, sourcePath)) as Record<
		string,
		new () => INodeType | IVersionedNodeType
	>;
	return NodeHelpers.getVersionedNodeType(new loaded[className](), typeVersion);
}

it('there are eight examples', () => {
	expect(exampleFiles()).toHaveLength(8);
});

describe.each(exampleFiles())('%s', (file) => {
	const { nodes, connections, pinData } = readExample(file);
	const names = nodes.map(({ name }) => name);

	it('has nodes that the oldest n8n knows as well, each with its own name and id', () => {
		for (const { type, typeVersion } of nodes) {
			expect(typeVersion).toBeLessThanOrEqual(NEWEST_IN_OLDEST[type] ?? 0);
		}
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
	});

	it('has no note that covers a node', () => {
		const side = 100;
		const isNote = ({ type }: INode) => type.endsWith('.stickyNote');
		for (const { position, parameters } of nodes.filter(isNote)) {
			const below = position[1] + Number(parameters.height);
			const covered = nodes.filter(
				(node) =>
					!isNote(node) && node.position[1] < below && node.position[1] + side > position[1],
			);
			expect(covered).toEqual([]);
		}
	});

	it('sets nothing that a node does not have', () => {
		for (const node of nodes) {
			const type = typeOf(node);
			if (!type) continue;
			const { description } = type;
			const filled = NodeHelpers.getNodeParameters(
				description.properties,
				node.parameters,
				true,
				false,
				node,
				description,
			);
			expect(filled).toMatchObject(node.parameters);
		}
	});

	it('connects what there is', () => {
		for (const [from, kinds] of Object.entries(connections)) {
			expect(names).toContain(from);
			const targets = Object.values(kinds).flat(2);
			for (const target of targets) expect(names).toContain(target?.node);
		}
	});

	it('begins with a note, and holds no credential but Gemma’s, and no data', () => {
		expect(nodes[0].type).toBe('n8n-nodes-base.stickyNote');
		for (const { credentials, type } of nodes) {
			expect(Object.keys(credentials ?? {})).toEqual(type === GEMMA_TYPE ? ['gemmaApi'] : []);
		}
		expect(pinData).toEqual({});
	});
});
