import type { Runtime, RuntimeStage } from '../../plan/types';
import { LAUNCHERS } from '../../plan/processes';
import { env, exec } from '../instructions';
import { renderHealthCheck } from '../health-check';

/** What is shipped: the base and one linked layer for each part, so that none depends on another. */
export function renderRuntime(stage: RuntimeStage, runtime: Runtime): string {
  return [
    'FROM base AS runtime',
    ...stage.copies.map((from) => `COPY --link --from=${from} /out /`),
    `ENV PATH=/opt/venv/bin:$PATH:${LAUNCHERS}`,
    env(runtime.env),
    `WORKDIR ${runtime.workdir}`,
    `USER ${runtime.user}`,
    ...runtime.ports.map((port) => `EXPOSE ${port}`),
    ...(runtime.stopSignal ? [`STOPSIGNAL ${runtime.stopSignal}`] : []),
    ...(runtime.health ? [renderHealthCheck(runtime.health)] : []),
    exec('ENTRYPOINT', runtime.entrypoint),
    exec('CMD', runtime.command),
  ].join('\n');
}
