import { Failure } from '../failure';
import { inWords } from './duration';

/** The server has named a wait that is too long, in milliseconds. */
export const closedFor = (retryAfterMs: number): Failure =>
	new Failure(
		{ kind: 'refused', cause: 'limit', status: 429, retryAfterMs },
		`The server has had too many requests and wants to be asked again in ${inWords(retryAfterMs)} (HTTP 429)`,
		'Run the workflow again after that time.',
	);

/** Nobody has got through for so many milliseconds. */
export const refusedFor = (milliseconds: number): Failure =>
	new Failure(
		{ kind: 'refused', cause: 'limit', status: 429 },
		`The server has refused every request for ${inWords(milliseconds)} (HTTP 429)`,
		"The account's limit for the hour or the day may be used up: look it up with the key's provider, and run the workflow again later.",
	);
