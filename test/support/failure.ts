import { Failure } from '../../nodes/Gemma/failure';

/** The Failure that `work` throws; anything else, nothing among it, fails the test. */
export function failureOf(work: () => unknown): Failure {
	let thrown: unknown;
	try {
		work();
	} catch (error) {
		thrown = error;
	}
	return asFailure(thrown);
}

/** The same for a promise. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Failure> {
	return asFailure(await promise.then(() => undefined).catch((error: unknown) => error));
}

function asFailure(thrown: unknown): Failure {
	expect(thrown).toBeInstanceOf(Failure);
	return thrown as Failure;
}
