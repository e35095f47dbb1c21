import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Keeps a second n8n out of the folder until this process ends: two would write to one database.
 *
 * @throws Error naming the process that has it.
 */
export function holdFolder(folder: string): void {
	const file = join(folder, 'process');
	if (!claim(file)) {
		const holder = Number(readFileSync(file, 'utf8'));
		if (isRunning(holder)) {
			throw new Error(
				`It is running already, as process ${holder}. If that is something else, delete ${file}.`,
			);
		}
		// Its process was killed and could not take it away.
		rmSync(file);
		if (!claim(file)) throw new Error(`Another start was faster: it has ${file} now.`);
	}
	process.once('exit', () => rmSync(file, { force: true }));
}

/** Writes the file, unless it is there. */
function claim(file: string): boolean {
	try {
		writeFileSync(file, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		// Where it could not be written at all, reading it will tell.
		return false;
	}
}

function isRunning(pid: number): boolean {
	// 0 and below would ask about whole groups of processes.
	if (!(pid > 0)) return false;
	try {
		return process.kill(pid, 0);
	} catch (error) {
		// Another user's process may not be asked, and runs.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
