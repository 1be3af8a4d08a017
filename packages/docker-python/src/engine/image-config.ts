import type { ImageConfig } from './types';

/** The part of `docker image inspect` that is read. Source: the Engine API, "ImageInspect". */
interface Inspected {
  readonly Config: {
    readonly User?: string;
    readonly Entrypoint?: readonly string[] | null;
    readonly Cmd?: readonly string[] | null;
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly ExposedPorts?: Readonly<Record<string, unknown>> | null;
    readonly StopSignal?: string;
    readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null;
  };
}

export function readConfig(output: string): ImageConfig {
  const [{ Config: config }] = JSON.parse(output) as [Inspected];
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
  };
}
