import { Failure } from '../failure';
import type { Reply } from './exchange';
import { refusal } from './refusal';

export const CHECK_NVCF_URL = 'Check the NVCF URL of the credential.';

const NO_SUCH_ASSET =
	'There is no such asset, or no longer: NVIDIA deletes each after 24 hours. Upload the picture again.';

const CHANGE_WHAT_IT_NAMES = "Change what the server's message names, then run the workflow again.";

/**
 * Reads why the asset API refused. Neither a chat request nor its model is at fault there.
 *
 * @param about whether the request named an asset, which may be gone.
 */
export async function assetRefusal(reply: Reply, about: 'all' | 'one'): Promise<Failure> {
	const failure = await refusal(reply);
	const { facts, message } = failure;
	if (facts.kind !== 'refused') return failure;
	const ownWords = facts.cause === 'asset';
	if (reply.status !== 404 && !ownWords) return failure;
	// A 404 that speaks of no asset comes from an address that is not the asset API's.
	const gone = about === 'one' && ownWords ? NO_SUCH_ASSET : CHECK_NVCF_URL;
	const advice = reply.status === 404 ? gone : CHANGE_WHAT_IT_NAMES;
	return new Failure({ ...facts, cause: 'asset' }, message, advice);
}
