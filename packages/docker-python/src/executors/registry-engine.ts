import { setTimeout as pause } from 'node:timers/promises';
import { questionsOf, type Questions } from '../engine/distribution/questions';
import { registrySession } from '../engine/distribution/session';
import { withShortcut } from '../engine/distribution/shortcut';
import { dockerEngine } from '../engine/docker';
import { runProcess } from '../engine/process';
import { BRIEF, STUBBORN, withRetries } from '../engine/retries';
import type { Engine } from '../engine/types';
import { sayBeside } from '../engine/words';

/** A line beside the work. */
export function note(message: string): void {
  sayBeside(message);
}

/** For work that can be done without a registry, if it has to. */
export function briefEngine(): Engine {
  return patient(BRIEF);
}

/** For work that is about the registry. */
export function stubbornEngine(): Engine {
  return patient(STUBBORN);
}

function patient(pausesMs: readonly number[]): Engine {
  const engine = dockerEngine();
  const registries = withShortcut(engine, sharedQuestions());
  return { ...engine, ...withRetries(registries, { pausesMs, pause: (ms) => pause(ms), note }) };
}

const shared = new WeakMap<NodeJS.ProcessEnv, Questions>();

/** The tasks of a batch share connections and tokens, unless one has variables of its own. */
function sharedQuestions(): Questions {
  const { env } = process;
  const questions = shared.get(env) ?? questionsOf(registrySession(runProcess, env));
  shared.set(env, questions);
  return questions;
}
