import type { Observation } from '../observation';
import { itemsAreRight } from './items';
import { nothingIsLeft, secretsAreKept } from './leftovers';
import { stopsWell } from './stop';
import { trafficIsRight } from './traffic';

const INVARIANTS = [itemsAreRight, stopsWell, trafficIsRight, nothingIsLeft, secretsAreKept];

/** What a run has violated, in words; nothing when all is well. */
export const violations = (run: Observation): string[] =>
	INVARIANTS.flatMap((invariant) => [...invariant(run)]);
