import type { ImageConfig } from './types';

/** What the engine waits for a check whose image does not say how long. Source: the Dockerfile reference, HEALTHCHECK. */
const DEFAULT_HEALTH_TIMEOUT_MS = 30_000;

/** The part of `docker image inspect` that is read. Source: the Engine API, "ImageInspect". */
interface Inspected {
  readonly Os?: string;
  readonly Config: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
    readonly StopSignal?: string;
    /** `Timeout` in nanoseconds, 0 for the engine's own. */
    readonly Healthcheck?: { readonly Test?: readonly string[] | null; readonly Timeout?: number } | null;
  };
}

/**
 * @param output of `docker image inspect`, or of `docker inspect` of a container
 * @returns undefined where the engine describes an image without looking into it
 */
export function readConfig(output: string): ImageConfig | undefined {
  const [{ Os: os, Config: config }] = JSON.parse(output) as [Inspected];
  return os === '' ? undefined : configOf(config);
}

function configOf(config: Inspected['Config']): ImageConfig {
  return {
    user: config.User ?? '',
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    env: Object.fromEntries(
      (config.Env ?? []).map((pair) => [pair.replace(/=.*$/s, ''), pair.replace(/^[^=]*=/, '')]),
    ),
    labels: config.Labels ?? {},
    ports: Object.keys(config.ExposedPorts ?? {}).map((port) => Number.parseInt(port, 10)),
    stopSignal: config.StopSignal ?? 'SIGTERM',
    healthCheck: config.Healthcheck?.Test ?? [],
    healthTimeoutMs: (config.Healthcheck?.Timeout ?? 0) / 1e6 || DEFAULT_HEALTH_TIMEOUT_MS,
  };
}
