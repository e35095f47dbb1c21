import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
	deepCopy,
	type ICredentialType,
	type IDataObject,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type IVersionedNodeType,
	NodeConnectionTypes,
	NodeHelpers,
	UserError,
} from 'n8n-workflow';

type AnyNodeType = INodeType | IVersionedNodeType;
type Known = Record<string, { className: string; sourcePath: string }>;

const require = createRequire(__filename);
const basePackage = 'n8n-nodes-base';

/**
 * Loads a class of n8n's built-in package by its short name, or undefined when it has none of that
 * name. The package holds hundreds of nodes; only what a workflow names is ever loaded.
 */
function loadBuiltIn(kind: 'nodes' | 'credentials', name: string): unknown {
	const known = require(`${basePackage}/dist/known/${kind}.json`) as Known;
	if (!Object.hasOwn(known, name)) return undefined;
	const { className, sourcePath } = known[name];
	const folder = dirname(require.resolve(`${basePackage}/package.json`));
	const loaded = require(join(folder, sourcePath)) as Record<string, new () => unknown>;
	return new loaded[className]();
}

/** The given node types, n8n's built-in ones, and `…Tool` for each that may be an agent's tool. */
export class NodeTypes implements INodeTypes {
	private readonly loaded: Map<string, AnyNodeType>;

	constructor(nodes: Record<string, AnyNodeType>) {
		this.loaded = new Map(Object.entries(nodes));
	}

	/** @throws UserError when no package has a node of that name */
	getByName(nodeType: string): AnyNodeType {
		const found = this.find(nodeType);
		if (!found) throw new UserError(`Unrecognized node type: ${nodeType}`);
		return found;
	}

	getByNameAndVersion(nodeType: string, version?: number): INodeType {
		const found = this.find(nodeType);
		if (!found && nodeType.endsWith('Tool')) {
			return asTool(this.getByNameAndVersion(nodeType.slice(0, -'Tool'.length), version));
		}
		return NodeHelpers.getVersionedNodeType(this.getByName(nodeType), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}

	private find(nodeType: string): AnyNodeType | undefined {
		if (!this.loaded.has(nodeType) && nodeType.startsWith(`${basePackage}.`)) {
			const builtIn = loadBuiltIn('nodes', nodeType.slice(basePackage.length + 1));
			if (builtIn) this.loaded.set(nodeType, builtIn as AnyNodeType);
		}
		return this.loaded.get(nodeType);
	}
}

/**
 * The tool a server makes of a node: same code, no main input, one tool output, and a description
 * for the model.
 */
function asTool(nodeType: INodeType): INodeType {
	const { usableAsTool } = nodeType.description;
	if (!usableAsTool) {
		throw new UserError(`Node cannot be used as a tool: ${nodeType.description.name}`);
	}
	const replacements = usableAsTool === true ? {} : usableAsTool.replacements;
	const description: INodeTypeDescription = {
		...deepCopy(nodeType.description),
		...replacements,
		name: `${nodeType.description.name}Tool`,
		displayName: `${nodeType.description.displayName} Tool`,
		inputs: [],
		outputs: [NodeConnectionTypes.AiTool],
	};
	description.properties.unshift({
		displayName: 'Description',
		name: 'toolDescription',
		type: 'string',
		default: description.description,
	});
	return Object.create(nodeType, { description: { value: description } }) as INodeType;
}

/** The given credential types and n8n's built-in ones. */
export class CredentialTypes {
	constructor(private readonly given: Record<string, ICredentialType>) {}

	/** @throws UserError when no package has a credential type of that name */
	getByName(name: string): ICredentialType {
		const found = this.given[name] ?? loadBuiltIn('credentials', name);
		if (!found) throw new UserError(`Unrecognized credential type: ${name}`);
		return found as ICredentialType;
	}
}
