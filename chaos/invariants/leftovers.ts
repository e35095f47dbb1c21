import type { Observation } from '../observation';
import { PATHS } from '../otherFaults';

/** The run leaves nothing behind, in this process or at the server, and says so where it must. */
export function* nothingIsLeft(run: Observation): Generator<string> {
	const { openSockets, nodeSockets, timers, assets, given, requests, hints } = run;
	if (openSockets > 0)
		yield `${openSockets} connections are still open, ${nodeSockets} of them at this end`;
	if (timers > 0) yield `${timers} timers are still running`;
	const taken = given.filter((id) => !assets.includes(id)).length;
	if (taken > 0) yield `${taken} assets that were not the run's own are gone`;
	const assetsLeft = assets.length - given.length + taken;
	if (assetsLeft === 0) return;
	const wasHindered = requests.some(
		({ request, fault }) =>
			fault !== undefined &&
			request.path.startsWith(PATHS.assets) &&
			(request.method === 'DELETE' || request.method === 'GET'),
	);
	if (!wasHindered) yield `${assetsLeft} assets were left, and nothing hindered their deletion`;
	else if (
		!hints.some((hint) => /may not have been deleted/.test(hint)) &&
		'items' in run.nodeEnd
	) {
		yield `${assetsLeft} assets were left without a hint`;
	}
}

/** The key and signed addresses are in nothing that people read. */
export function* secretsAreKept(run: Observation): Generator<string> {
	const { nodeEnd, items, errorItems, error, hints, plan } = run;
	const all = everythingIn({ nodeEnd, items, errorItems, error, hints });
	if (all.includes(plan.apiKey)) yield 'the API key came out';
	if (all.includes('X-Amz-Signature=')) yield 'a signed upload URL came out';
}

/** Errors with their stacks and causes, too. */
function everythingIn(value: unknown): string {
	const seen = new Set<unknown>();
	return JSON.stringify(value, (_, part: unknown) => {
		if (typeof part !== 'object' || part === null) return part;
		if (seen.has(part)) return undefined;
		seen.add(part);
		if (!(part instanceof Error)) return part;
		const own = Object.getOwnPropertyNames(part);
		return Object.fromEntries(own.map((name) => [name, part[name as keyof Error]]));
	});
}
