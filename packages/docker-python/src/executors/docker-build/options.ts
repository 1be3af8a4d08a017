/** What `nx docker-build` takes beside settings. */
export interface DockerBuildOptions {
  /** `--no-cache` sets it to false. */
  readonly cache?: boolean;
  readonly pull?: boolean;
  /** Not `target`: nx takes `--target` for itself and drops it. */
  readonly stage?: string;
  readonly tag?: string | number | readonly (string | number)[];
  readonly platform?: string | readonly string[];
  readonly buildArg?: string | readonly string[];
  readonly progress?: 'auto' | 'plain' | 'tty' | 'quiet';
  readonly [setting: string]: unknown;
}
