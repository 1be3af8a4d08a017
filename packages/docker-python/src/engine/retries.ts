import { DockerPythonError, type ErrorCode } from '../errors';
import type { Registries } from './registry-types';

/** How often and after which pauses something is tried again. */
export interface Patience {
  readonly pausesMs: readonly number[];
  readonly pause: (ms: number) => Promise<void>;
  /** Told about each failure that is not the last one. */
  readonly note: (message: string) => void;
}

/** For what has to succeed: half a minute altogether. */
export const STUBBORN: readonly number[] = [1_000, 2_000, 4_000, 8_000, 16_000];
/** For what had better succeed, and can be done without. */
export const PATIENT: readonly number[] = [1_000, 2_000, 4_000];
/** For what can be done without. */
export const BRIEF: readonly number[] = [500];

/** Errors of the server, 429, dropped connections. What a registry refuses it refuses again. */
const PASSING: readonly ErrorCode[] = ['REGISTRY_UNAVAILABLE'];
/** A push sends what is missing, so that another one mends it. */
const MENDED_BY_PUSH: readonly ErrorCode[] = [...PASSING, 'REGISTRY_BLOB_MISSING'];

/** Does something again where its error says that this may help. */
export async function withPatience<T>(
  work: () => Promise<T>,
  { pausesMs, pause, note }: Patience,
  passing = PASSING,
): Promise<T> {
  let said = '';
  for (const ms of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DockerPythonError && passing.includes(error.code))) throw error;
      const again = `Trying again in ${ms / 1000} s.`;
      note(error.message === said ? again : `${error.message}\n${again}`);
      said = error.message;
      await pause(ms);
    }
  }
  return work();
}

/** Registries that are asked again where trying again may help. */
export function withRetries(registries: Registries, patience: Patience): Registries {
  const retried = <T>(work: () => Promise<T>, passing = PASSING): Promise<T> =>
    withPatience(work, patience, passing);
  return {
    remoteDigest: (reference) => retried(() => registries.remoteDigest(reference)),
    remoteImage: (reference) => retried(() => registries.remoteImage(reference)),
    complete: (source, name) => retried(() => registries.complete(source, name)),
    pull: (reference) => retried(() => registries.pull(reference)),
    push: (reference) => retried(() => registries.push(reference), MENDED_BY_PUSH),
    retag: (source, names) => retried(() => registries.retag(source, names)),
  };
}
