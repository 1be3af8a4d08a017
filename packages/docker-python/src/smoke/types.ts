import type { Argv } from '../detection/types';
import type { Hardening } from '../engine/types';

/** What a smoke test concludes. */
export type Verdict = 'passed' | 'broken-image' | 'needs-configuration' | 'needs-service';

/** A verdict that is not "passed", with its cause. */
export interface Judgement {
  readonly verdict: Exclude<Verdict, 'passed'>;
  /** One sentence that names the cause. */
  readonly cause: string;
  /** What to do about it. */
  readonly hint: string;
}

/** What a process has to do to pass. */
export type Expectation =
  | {
      readonly kind: 'server';
      readonly port: number;
      readonly path: string;
      readonly status?: number;
      readonly body?: string;
    }
  | { readonly kind: 'worker'; readonly stayUpMs: number }
  | { readonly kind: 'job'; readonly exitCode: number }
  /** Nobody says whether it ends: either it stays up, or it ends well. */
  | { readonly kind: 'program'; readonly stayUpMs: number };

/** One smoke test, all defaults filled in. */
export interface SmokeSpec {
  readonly process: string;
  /** What the container is told to run; nothing for the default process. */
  readonly command: Argv;
  readonly expectation: Expectation;
  /** The path that the health check of the process asks; absent where it asks none. */
  readonly healthPath?: string;
  readonly timeoutMs: number;
  readonly stopSeconds: number;
  readonly env: Readonly<Record<string, string>>;
  readonly hardening: Hardening;
  /** `uid:gid`; the image's own user if absent. */
  readonly user?: string;
  readonly tmpfs: readonly string[];
  readonly network?: string;
  /** In the engine's words: `256m`. */
  readonly memory?: string;
  readonly accept: readonly Verdict[];
}
