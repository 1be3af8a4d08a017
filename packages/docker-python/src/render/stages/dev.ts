import type { DevStage, Runtime } from '../../plan/types';
import { INSTALLERS } from '../installers';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { EPOCH, run } from '../instructions';
import { installLists, listMounts, VENV } from './dependencies';
import { configure, copyLayers } from './runtime';

/**
 * The builder, with its compilers and the installer, made into the runtime image by the same layers; then development
 * dependencies and pip in the same virtualenv. Group 0 may write there, so that `pip install` works inside.
 */
export function renderDev(stage: DevStage, runtime: Runtime, environment: BuildEnvironment): string {
  return [
    'FROM builder AS dev',
    networkStep(
      environment,
      [
        ...listMounts('lock-dev', stage.lists),
        `type=bind,from=dependencies,source=/out${VENV},target=/run/venv`,
        ...new Set([INSTALLERS.uv.cache, INSTALLERS[stage.installer].cache]),
      ],
      [
        'touch /dev/shm/started; sleep 0.02',
        `cp -a /run/venv ${VENV}`,
        ...installLists(stage.installer, stage.lists, stage.requireHashes),
        `uv pip install -q --python ${VENV}/bin/python --compile-bytecode ${stage.pip}`,
        `chmod -R g=u ${VENV} && rm -f ${VENV}/.lock`,
        `find /opt -newer /dev/shm/started -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
    ...copyLayers(stage.copies.filter((part) => part !== 'dependencies')),
    // A linked layer brings the modes of its own folders along.
    run([], [`find ${VENV} -type d -not -perm -g=w -exec chmod g=u {} +`]),
    `ENV PATH=${VENV}/bin:$PATH VIRTUAL_ENV=${VENV} UV_PYTHON=${VENV}/bin/python`,
    ...configure(runtime),
  ].join('\n');
}
