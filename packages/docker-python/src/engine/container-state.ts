import type { ContainerState, ContainerSummary } from './container-types';

/** The part of `docker container inspect` that is read. Source: the Engine API, "ContainerInspect". */
interface Inspected {
  readonly Id: string;
  readonly State: {
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly Health?: {
      readonly Status: 'none' | 'starting' | 'healthy' | 'unhealthy';
      readonly Log?: readonly { readonly Output: string }[] | null;
    };
  };
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

export function readState(output: string): ContainerState {
  const [{ State: state }] = JSON.parse(output) as [Inspected];
  const health = state.Health?.Status;
  return {
    running: state.Running,
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
    ...(health === undefined || health === 'none' ? {} : { health }),
    healthOutput: state.Health?.Log?.at(-1)?.Output.trim() ?? '',
  };
}

export function readSummaries(output: string): readonly ContainerSummary[] {
  return (JSON.parse(output || '[]') as Inspected[]).map(({ Id, Config }) => ({
    id: Id,
    labels: Config.Labels ?? {},
  }));
}
