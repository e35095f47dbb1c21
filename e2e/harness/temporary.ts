import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder that is removed when this process exits; below `E2E_FOLDER`, when that is set, which
 * whoever set it removes.
 */
export function temporaryFolder(name: string): string {
	const { E2E_FOLDER } = process.env;
	if (E2E_FOLDER) return mkdtempSync(join(E2E_FOLDER, `${name}-`));
	const folder = mkdtempSync(join(tmpdir(), `gemma-e2e-${name}-`));
	// Another user's program may have a folder of its own inside.
	chmodSync(folder, 0o711);
	process.once('exit', () =>
		rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
	);
	return folder;
}
