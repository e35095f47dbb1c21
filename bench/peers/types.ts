import type { INode, INodeParameters } from 'n8n-workflow';

/** A node that is measured in n8n's engine. `helper` calls n8n's own request helper and no more. */
export type Peer = 'gemma' | 'httpRequest' | 'moonshot' | 'chain' | 'helper';

/** How the node of a peer is set, apart from where it sends to. */
export interface PeerSettings {
	/** Parameters that replace the usual ones, a level deep. */
	parameters?: INodeParameters;
	/** Settings of the node besides its parameters: `onError`, `retryOnFail`… */
	node?: Partial<INode>;
	/** Items carry a picture in the binary field `data` that the node sends along. */
	pictures?: boolean;
}

/** The names that people read. */
export const PEER_NAMES: Record<Peer, string> = {
	gemma: 'Gemma (this node)',
	httpRequest: 'HTTP Request',
	moonshot: 'Moonshot',
	chain: 'Basic LLM Chain + OpenAI',
	helper: 'httpRequestWithAuthentication',
};

/** Peers that are in n8n's language model package, which is installed here and not at the root. */
export const FROM_LANGCHAIN: Peer[] = ['moonshot', 'chain'];
