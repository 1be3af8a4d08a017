import type { LayerSource, Runtime, RuntimeStage } from '../../plan/types';
import { LAUNCHERS } from '../../plan/processes';
import { renderHealthCheck } from '../health-check';
import { BUILD_INFO } from '../../reference/build-info';
import { env, exec } from '../instructions';
import { STATIC_FILES } from './application';

/** What is shipped: the base and one linked layer for each part, so that none depends on another. */
export function renderRuntime(stage: RuntimeStage, runtime: Runtime): string {
  return [
    'FROM base AS runtime',
    ...copyLayers(stage.copies),
    'ENV PATH=/opt/venv/bin:$PATH',
    ...configure(runtime),
  ].join('\n');
}

export function copyLayers(copies: readonly LayerSource[]): readonly string[] {
  return copies.map((part) =>
    part === 'static-files'
      ? `COPY --link --from=application ${STATIC_FILES} /`
      : `COPY --link --from=${part} /out /`,
  );
}

/** How the container runs. */
export function configure(runtime: Runtime): readonly string[] {
  return [
    `ENV PATH=$PATH:${LAUNCHERS}`,
    env(runtime.env),
    `WORKDIR ${runtime.workdir}`,
    `USER ${runtime.user}`,
    ...runtime.ports.map((port) => `EXPOSE ${port}`),
    ...(runtime.stopSignal ? [`STOPSIGNAL ${runtime.stopSignal}`] : []),
    ...(runtime.health ? [renderHealthCheck(runtime.health)] : []),
    exec('ENTRYPOINT', runtime.entrypoint),
    exec('CMD', runtime.command),
    // Last, and no file: whatever it says, no layer is another one.
    ...(runtime.buildInfo ? [`ARG ${BUILD_INFO}="{}"`, `ENV ${BUILD_INFO}="$${BUILD_INFO}"`] : []),
  ];
}
