/** A container engine with buildx, whatever it takes: see ensureEngine. */

import { say, step, ToolError } from '../shell';
import { linkClient } from './client';
import { startDaemon } from './daemon';
import { readHost } from './host';
import { ensurePackages } from './packages';
import { probeEngine, type EngineState } from './probe';

/** The engine that plain `docker` reaches from any process of this machine. */
export interface EngineEnvironment {
  readonly server: string;
  readonly buildx: string;
  /** Whether this call had to start it. */
  readonly started: boolean;
}

/**
 * Uses the engine that runs; else, as root on Debian and Ubuntu, gets Docker and buildx from the
 * distribution's packages and starts dockerd, which outlives this process. Safe to call again: it
 * repairs a dockerd that died. Throws a ToolError that says what to do.
 */
export async function ensureEngine(): Promise<EngineEnvironment> {
  const found = await probeEngine();
  const running = environmentOf(found, false);
  if (running !== undefined) return running;

  const host = readHost();
  if (host.obstacle !== undefined) throw new ToolError(advice(found, host.obstacle));
  const dockerHost = process.env['DOCKER_HOST'];
  if (dockerHost !== undefined && found.server === undefined) {
    throw new ToolError(`DOCKER_HOST is ${dockerHost}, and no engine answers there:\n${found.message}`);
  }
  say('No engine answers: setting one up.');
  await ensurePackages(host);
  await linkClient(found);
  if (found.server === undefined) await step('starting dockerd', startDaemon);

  const now = await probeEngine();
  const environment = environmentOf(now, found.server === undefined);
  if (environment === undefined) throw new ToolError(advice(now, 'the engine was set up in vain'));
  return environment;
}

function environmentOf(state: EngineState, started: boolean): EngineEnvironment | undefined {
  const { server, buildx } = state;
  return server === undefined || buildx === undefined ? undefined : { server, buildx, started };
}

function advice(state: EngineState, reason: string): string {
  const need = state.server === undefined ? 'a running Docker engine (version 23 or newer)' : 'docker buildx';
  return [
    `docker-python needs ${need}, and it cannot be set up from here: ${reason}.`,
    'Install Docker Engine or Docker Desktop with the buildx plugin, start it, and check that',
    '`docker version` shows a server and `docker buildx version` answers for this user.',
    'What docker says now:',
    `  ${state.message.trim().replaceAll('\n', '\n  ')}`,
  ].join('\n');
}
