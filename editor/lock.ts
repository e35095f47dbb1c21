import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps a second n8n out of the folder until this process ends: two would write to one database.
 *
 * @throws Error naming the process that has it.
 */
export function holdFolder(folder: string): void {
	const file = join(folder, 'process');
	const holder = holderIn(file);
	if (holder !== undefined && isRunning(holder)) {
		throw new Error(
			`It is running already, as process ${holder}. If that is something else, delete ${file}.`,
		);
	}
	writeFileSync(file, String(process.pid));
	process.once('exit', () => rmSync(file, { force: true }));
}

function holderIn(file: string): number | undefined {
	try {
		return Number(readFileSync(file, 'utf8'));
	} catch {
		return undefined;
	}
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
