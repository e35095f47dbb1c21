import { readFileSync, writeFileSync } from 'node:fs';

const MEGABYTE = 1024 * 1024;

/**
 * Watches the resident memory of this process; the returned function tells by how much its peak
 * since now lies above what it is now, in MB. The system keeps the peak, so that one in the middle
 * of blocking work counts as well.
 */
export function watchMemory(): () => number {
	// What the work before left behind is not to be taken for this work's.
	globalThis.gc?.();
	forgetPeak();
	const before = process.memoryUsage.rss();
	return () => Math.max(0, (peak() - before) / MEGABYTE);
}

/** In bytes. `resourceUsage` would count what the parent had when it made this process. */
function peak(): number {
	try {
		const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))!;
		return Number(kilobytes) * 1024;
	} catch {
		return process.resourceUsage().maxRSS * 1024;
	}
}

function forgetPeak(): void {
	try {
		writeFileSync('/proc/self/clear_refs', '5');
	} catch {
		// Elsewhere than on Linux the peak since the process began has to do.
	}
}
