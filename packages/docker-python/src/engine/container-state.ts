import type { ContainerState, ContainerSummary } from './container-types';

/** The part of `docker container inspect` that is read. Source: the Engine API, "ContainerInspect". */
interface Inspected {
  readonly Id: string;
  readonly State: {
    readonly Running: boolean;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
  };
  readonly Config: { readonly Labels?: Readonly<Record<string, string>> | null };
}

export function readState(output: string): ContainerState {
  const [{ State: state }] = JSON.parse(output) as [Inspected];
  return {
    running: state.Running,
    exitCode: state.ExitCode,
    oomKilled: state.OOMKilled,
    error: state.Error,
  };
}

export function readSummaries(output: string): readonly ContainerSummary[] {
  return (JSON.parse(output || '[]') as Inspected[]).map(({ Id, Config }) => ({
    id: Id,
    labels: Config.Labels ?? {},
  }));
}
