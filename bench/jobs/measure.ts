import type { Taken } from './types';

/** Does the work and tells what it took of time and of this process's CPU. */
export async function taken(work: () => Promise<void>): Promise<Taken> {
	const cpu = process.cpuUsage();
	const began = performance.now();
	await work();
	const wallMs = performance.now() - began;
	const { user, system } = process.cpuUsage(cpu);
	return { wallMs, cpuMs: (user + system) / 1000 };
}
