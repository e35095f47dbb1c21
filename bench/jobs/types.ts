import type { Peer, PeerSettings } from '../peers/types';

/** Work that is measured, in a process of its own. */
export interface Job<Result> {
	/** Does it once and tells what it took. */
	run(): Promise<Result>;
	close(): Promise<void>;
}

/** What any work takes. */
export interface Taken {
	wallMs: number;
	/** Of all threads of the process, user and system. */
	cpuMs: number;
}

/** A workflow in n8n's engine. */
export interface EngineJob {
	peer: Peer;
	url: string;
	settings: PeerSettings;
	items: number;
	/** Files that the items' pictures are taken from, in turn. */
	pictures?: string[];
}

export interface EngineResult extends Taken {
	/** In ms since 1970. */
	startedAt: number;
	/** Items that have an answer in the end. */
	succeeded: number;
	/** The longest time that the event loop stood still. */
	stallMs: number;
	/** How far the peak of resident memory was above what it was before. */
	growthMb: number;
	/** Why the execution ended, when it failed. */
	error?: string;
}

/** One completion, or several one after the other, without n8n. */
export interface CallsJob {
	client: 'transport' | 'sdk' | 'undici';
	url: string;
	calls: number;
}

/** @property characters of the replies' text: every client has to read all of it. */
export type CallsResult = Taken & { characters: number };
