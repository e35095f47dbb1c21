/**
 * `jest.mock('node:timers/promises', () => jest.requireActual('…/virtualTimers'))`: jest's fake
 * timers do not reach that module, so here its `setTimeout` stands on the global one.
 */
export async function setTimeout<Value>(
	milliseconds: number,
	value?: Value,
	{ signal }: { signal?: AbortSignal } = {},
): Promise<Value | undefined> {
	signal?.throwIfAborted();
	return await new Promise((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timer);
			reject(new DOMException('The operation was aborted', 'AbortError'));
		};
		const timer = globalThis.setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve(value);
		}, milliseconds);
		signal?.addEventListener('abort', onAbort, { once: true });
	});
}

export const setImmediate = async (): Promise<void> => await Promise.resolve();
