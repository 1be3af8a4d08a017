/** Starts dockerd so that it outlives whoever started it, and waits until it answers. */

import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tail, ToolError } from '../shell';
import { probeEngine } from './probe';
import { places } from './prefix';

const DOCKERD_PID = '/var/run/docker.pid';
const CONTAINERD_PID = '/var/run/docker/containerd/containerd.pid';
const PATIENCE_MS = 60_000;

/**
 * The containerd image store: with it one digest names an image in the engine and in a registry,
 * and multi-platform images, SBOM, provenance and cache export work. Registries on loopback
 * addresses are allowed without TLS by default.
 */
const CONFIG = { features: { 'containerd-snapshotter': true } };

/** Starts dockerd, or waits for one that is starting. Throws a ToolError with the end of its log. */
export async function startDaemon(): Promise<void> {
  await removeStalePidFile(DOCKERD_PID, 'dockerd');
  await removeStalePidFile(CONTAINERD_PID, 'containerd');
  const child = isRunning(DOCKERD_PID, 'dockerd') ? undefined : await spawnDaemon();
  await waitUntilUp(child);
}

async function spawnDaemon(): Promise<ChildProcess> {
  await mkdir(places.prefix, { recursive: true });
  // A file of its own: /etc/docker/daemon.json belongs to the machine's owner.
  await writeFile(places.daemonConfig, `${JSON.stringify(CONFIG, null, 2)}\n`);
  // Added to, not begun anew: of two bootstraps at once, the second must not cut off the first one's log.
  const log = await open(places.daemonLog, 'a');
  const child = spawn('dockerd', ['--config-file', places.daemonConfig], {
    // A session of its own, so that neither Ctrl-C nor the end of a terminal or a CI step reaches it.
    detached: true,
    cwd: '/',
    stdio: ['ignore', log.fd, log.fd],
    env: { ...process.env, PATH: daemonPath() },
  });
  // A program that is missing has no log of its own.
  child.on('error', (error) => {
    appendFileSync(places.daemonLog, `${error.message}\n`);
  });
  child.unref();
  await log.close();
  return child;
}

/** The unpacked programs first; and sbin, which npm leaves out, has iptables. */
function daemonPath(): string {
  const unpacked = ['usr/sbin', 'usr/bin'].map((folder) => join(places.engineRoot, folder));
  const own = (process.env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules'));
  return [...unpacked, ...own, '/usr/local/sbin', '/usr/sbin', '/sbin'].join(':');
}

async function waitUntilUp(child: ChildProcess | undefined): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    if ((await probeEngine()).server !== undefined) return;
    const ended = child !== undefined && (child.pid === undefined || child.exitCode !== null);
    // Of two bootstraps at once, one dockerd yields to the other: then the other is waited for.
    if (ended && !isRunning(DOCKERD_PID, 'dockerd')) throw failure('dockerd did not start');
    if (performance.now() > deadline) throw failure('dockerd does not answer');
    await sleep(200);
  }
}

function failure(what: string): ToolError {
  const log = existsSync(places.daemonLog) ? readFileSync(places.daemonLog, 'utf8') : '';
  return new ToolError(`${what}. The end of its log, ${places.daemonLog}:\n${tail(log)}`);
}

/**
 * dockerd refuses to start while the process of its pid file lives, whichever program that is by
 * now: after a crash or a restart of a container, numbers are used again.
 */
async function removeStalePidFile(file: string, program: string): Promise<void> {
  if (existsSync(file) && !isRunning(file, program)) await rm(file, { force: true });
}

function isRunning(pidFile: string, program: string): boolean {
  try {
    const pid = readFileSync(pidFile, 'utf8').trim();
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program && !isZombie(pid);
  } catch {
    return false; // No pid file, or no such process.
  }
}

/** A dead process whose parent has not asked for it still has an entry. See proc_pid_stat(5). */
function isZombie(pid: string): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
