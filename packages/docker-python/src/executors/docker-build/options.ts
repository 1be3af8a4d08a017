/** What `nx docker-build` takes beside settings. */
export interface DockerBuildOptions {
  /** `--no-cache` sets it to false. */
  readonly cache?: boolean;
  readonly pull?: boolean;
  /** Not `target`: nx takes `--target` for itself and drops it. */
  readonly stage?: string;
  readonly tag?: string | readonly string[];
  readonly platform?: string | readonly string[];
  readonly buildArg?: string | readonly string[];
  readonly progress?: 'auto' | 'plain' | 'tty' | 'quiet';
  readonly [setting: string]: unknown;
}

/** Nx gives one value or several; both are a list here. */
export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
