import type { INodeExecutionData } from 'n8n-workflow';
import type { LoggedRequest } from '../sandbox';
import { FaultQueue } from '../sandbox/faults';
import type { PlannedFault } from './fault';
import { PATHS } from './otherFaults';
import type { Plan } from './plan';
import type { SmallPicture } from './pictures';
import type { Sent } from './traffic';
import type { NodeEnd } from './watchedNode';

/** A request that reached the sandbox, and what happened to its reply. */
export interface Met {
	request: LoggedRequest;
	fault?: PlannedFault;
	/** The item it was sent for; asset and status calls belong to none. */
	itemIndex?: number;
}

/** Everything that can be known about a run once it is over. */
export interface Observation {
	plan: Plan;
	pictures: SmallPicture[];
	/** Ids of the assets that were up before the run. */
	given: string[];
	/** As the sandbox got them. */
	requests: Met[];
	/** As the node sent them. */
	sent: Sent[];
	nodeEnd: NodeEnd;
	/** Stop was pressed while the node was at work, and so long before its end by the loop's clock. */
	cancelled?: { msBeforeEnd: number };
	/** What n8n has of the run: both outputs, the error, the hints. */
	items: INodeExecutionData[];
	errorItems: INodeExecutionData[];
	error?: unknown;
	hints: string[];
	/** Some time after the end of the run. */
	openSockets: number;
	/** Of those, the ones that the node itself has not closed. */
	nodeSockets: number;
	timers: number;
	/** Ids of what is up at the server. */
	assets: string[];
	milliseconds: number;
}

/**
 * Which fault met which request. The sandbox does not write it down, and it need not: a second
 * queue of the same faults, asked in the order of the log, gives the same answers.
 */
export function whatMet(requests: LoggedRequest[], plan: Plan): Met[] {
	const planned = new Map(plan.faults.map((fault) => [fault.fault, fault]));
	const queue = new FaultQueue();
	queue.add(...plan.faults.map(({ fault }) => fault));
	return requests.map((request) => {
		const taken = queue.take(request.method, request.path);
		const fault = taken && planned.get(taken);
		const itemIndex = request.path === PATHS.chat ? itemOf(request, plan) : -1;
		return { request, ...(fault && { fault }), ...(itemIndex >= 0 && { itemIndex }) };
	});
}

function itemOf({ body }: LoggedRequest, { items }: Plan): number {
	const text = JSON.stringify(body);
	return items.findIndex(({ id }) => text.includes(id));
}

/** The chat requests of one item, in order. */
export const chatsOf = ({ requests }: Observation, itemIndex: number): Met[] =>
	requests.filter((met) => met.itemIndex === itemIndex);
