import { PEER_NAMES, type Peer } from '../peers/types';

export const COUNTS = [1, 8, 50];

/** At which the server reads, in bytes a second; undefined for as fast as they come. */
export const SPEEDS = { unlimited: undefined, slow: 20e6 / 8 };
export type Speed = keyof typeof SPEEDS;

export const PEERS: Peer[] = ['gemma', 'moonshot', 'chain'];

export const variantOf = (peer: Peer, count: number, speed: Speed) =>
	`${count} ${count === 1 ? 'item' : 'items'}, ${speed === 'slow' ? '20 Mbit/s' : 'no limit'}: ${PEER_NAMES[peer]}`;
