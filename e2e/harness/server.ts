import { join } from 'node:path';

import { eventually } from './eventually';
import { environmentOf } from './install';
import { nodeOf } from './node';
import { freePorts } from './ports';
import { startProgram, type Program } from './program';
import type { N8nVersion } from './versions';

const START_MS = 180_000;

/** One n8n on 127.0.0.1. */
export interface N8nServer extends Program {
	readonly version: N8nVersion;
	/** `http://127.0.0.1:port`. */
	readonly url: string;
	readonly port: number;
	/** What n8n calls its user folder: everything it keeps is in `.n8n` below it. */
	readonly userFolder: string;
}

export interface N8nOptions {
	version: N8nVersion;
	userFolder: string;
	/** Any free one unless given. */
	port?: number;
	/** On top of the quiet defaults. */
	env?: NodeJS.ProcessEnv;
}

/** What keeps n8n on this machine, quiet and free of questions. */
const QUIET = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_SECURE_COOKIE: 'false',
	GENERIC_TIMEZONE: 'UTC',
};

/**
 * Starts n8n and waits until it answers.
 *
 * @throws Error with what it wrote when it ends early or takes too long.
 */
export async function startN8n(options: N8nOptions): Promise<N8nServer> {
	const { version, userFolder } = options;
	const [freePort] = await freePorts(1);
	const port = options.port ?? freePort;
	const program = await spawnN8n(['start'], options, { N8N_PORT: String(port) });
	const url = `http://127.0.0.1:${port}`;
	// Older releases call themselves ready before they know their own routes.
	for (const path of ['/healthz/readiness', '/rest/settings']) {
		await ready(`n8n ${version.name} answers at ${path}`, `${url}${path}`, program);
	}
	return { ...program, version, url, port, userFolder };
}

/** Starts a worker of n8n's queue mode and waits until it takes jobs. */
export async function startWorker(options: Omit<N8nOptions, 'port'>): Promise<Program> {
	const [port] = await freePorts(1);
	const program = await spawnN8n(['worker', '--concurrency=5'], options, {
		QUEUE_HEALTH_CHECK_ACTIVE: 'true',
		QUEUE_HEALTH_CHECK_PORT: String(port),
	});
	await ready('the worker is ready', `http://127.0.0.1:${port}/healthz/readiness`, program);
	return program;
}

async function spawnN8n(
	args: string[],
	{ version, userFolder, env }: N8nOptions,
	more: NodeJS.ProcessEnv,
): Promise<Program> {
	const [broker] = await freePorts(1);
	const bin = join(version.folder, 'node_modules/n8n/bin/n8n');
	return startProgram(nodeOf(version), [bin, ...args], {
		cwd: userFolder,
		env: {
			...environmentOf(version),
			...QUIET,
			...version.env,
			N8N_USER_FOLDER: userFolder,
			N8N_RUNNERS_BROKER_PORT: String(broker),
			...more,
			...env,
		},
	});
}

async function ready(what: string, url: string, program: Program): Promise<void> {
	const withinMs = START_MS;
	try {
		await eventually(
			what,
			async () => {
				if (!program.isRunning()) throw new Error(`It ended before this: ${what}`);
				return await fetch(url)
					.then(({ ok }) => ok)
					.catch(() => false);
			},
			{ withinMs, everyMs: 300 },
		);
	} catch (error) {
		await program.kill();
		throw withOutput(error, program);
	}
}

const withOutput = (error: unknown, program: Program) =>
	new Error(`${String(error)}\n${program.output().slice(-5000)}`);
