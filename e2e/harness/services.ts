import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { eventually } from './eventually';
import { freePort } from './ports';
import { startProgram, type Program } from './program';
import { temporaryFolder } from './temporary';

/** A server program on 127.0.0.1. */
export interface Service {
	port: number;
	stop(): Promise<void>;
}

/** Where Debian keeps the programs of each release. */
const POSTGRES = '/usr/lib/postgresql';
/** PostgreSQL does not run as root; Debian's package makes this user for it. */
const POSTGRES_USER = 'postgres';

/** A Redis that keeps nothing. @throws Error when it is not installed, or does not start. */
export async function startRedis(): Promise<Service> {
	const port = await freePort();
	const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
	const program = startProgram('redis-server', args, { cwd: temporaryFolder('redis') });
	await listening('redis-server', port, program);
	return { port, stop: program.stop };
}

/** A new PostgreSQL with the user and database `postgres`. @throws Error as for Redis. */
export async function startPostgres(): Promise<Service> {
	const bin = postgresPrograms();
	const isRoot = process.getuid?.() === 0;
	const user = isRoot ? POSTGRES_USER : undefined;
	const folder = temporaryFolder('postgres');
	if (isRoot) {
		const idOf = (flag: string) => Number(execFileSync('id', [flag, POSTGRES_USER]).toString());
		chownSync(folder, idOf('-u'), idOf('-g'));
	}
	const data = join(folder, 'data');
	const init = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
	const initdb = startProgram(join(bin, 'initdb'), init, { cwd: folder, user });
	if ((await initdb.exit) !== 0) throw new Error(`initdb failed:\n${initdb.output()}`);
	const port = await freePort();
	const settings = {
		port,
		listen_addresses: '127.0.0.1',
		unix_socket_directories: folder,
		fsync: 'off',
	};
	const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
	const program = startProgram(join(bin, 'postgres'), ['-D', data, ...args], {
		cwd: folder,
		user,
		// Its "fast shutdown": it does not wait for those who are connected.
		signal: 'SIGINT',
	});
	await listening('postgres', port, program);
	return { port, stop: program.stop };
}

function postgresPrograms(): string {
	const releases = existsSync(POSTGRES) ? readdirSync(POSTGRES) : [];
	const newest = releases.sort((a, b) => Number(b) - Number(a)).at(0);
	if (newest) return join(POSTGRES, newest, 'bin');
	throw new Error(
		'The tests of queue mode need PostgreSQL: apt-get install postgresql redis-server',
	);
}

async function listening(name: string, port: number, program: Program): Promise<void> {
	await eventually(`${name} listens`, async () => {
		if (!program.isRunning()) throw new Error(`${name} ended:\n${program.output()}`);
		return await new Promise<boolean>((resolve) => {
			const socket = connect(port, '127.0.0.1');
			socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
			socket.once('connect', () => socket.destroy());
		});
	});
}
