import { AsyncLocalStorage, createHook } from 'node:async_hooks';

interface Clock {
	hasRef(): boolean;
}

/** The timers that run inside one piece of work, however many others run beside it. */
export type TimersOfRun = Map<number, Clock>;

const storage = new AsyncLocalStorage<TimersOfRun>();
const owners = new Map<number, TimersOfRun>();

const hook = createHook({
	init(id, type, _trigger, resource) {
		if (type !== 'Timeout') return;
		const timers = storage.getStore();
		if (!timers) return;
		timers.set(id, resource as Clock);
		owners.set(id, timers);
	},
	destroy(id) {
		owners.get(id)?.delete(id);
		owners.delete(id);
	},
});

/** Begins to watch timers; the return value ends it. */
export function watchTimers(): () => void {
	hook.enable();
	return () => {
		hook.disable();
		owners.clear();
	};
}

/** Does the work and keeps count of the timers that it starts. */
export const withTimers = <Result>(timers: TimersOfRun, work: () => Result): Result =>
	storage.run(timers, work);

/** Timers that would keep the process alive. */
export const running = (timers: TimersOfRun): number =>
	[...timers.values()].filter((timer) => timer.hasRef()).length;
