import { setTimeout as pause } from 'node:timers/promises';
import { dockerEngine } from '../engine/docker';
import { BRIEF, STUBBORN, withRetries } from '../engine/retries';
import type { Engine } from '../engine/types';
import { sayBeside } from '../engine/words';

/** A line beside the work. */
export function note(message: string): void {
  sayBeside(message);
}

/** For work that can be done without a registry, if it has to. */
export function briefEngine(engine: Engine = dockerEngine()): Engine {
  return patient(engine, BRIEF);
}

/** For work that is about the registry. */
export function stubbornEngine(engine: Engine = dockerEngine()): Engine {
  return patient(engine, STUBBORN);
}

function patient(engine: Engine, pausesMs: readonly number[]): Engine {
  return { ...engine, ...withRetries(engine, { pausesMs, pause: (ms) => pause(ms), note }) };
}
