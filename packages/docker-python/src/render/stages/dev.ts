import type { DevStage, ImagePlan } from '../../plan/types';
import { COMPILER_MOUNT, compile } from '../bytecode';
import { INSTALLERS } from '../installers';
import { networkStep } from '../build-environment';
import { EPOCH, run } from '../instructions';
import { becomeBuilder, standsOnBase } from './builder';
import { installLists, listMounts, VENV } from './dependencies';
import { configure, copyLayers } from './runtime';

/**
 * The builder, with its compilers and the installer, made into the runtime image by the same layers; then development
 * dependencies and pip in the same virtualenv. Group 0 may write there, so that `pip install` works inside.
 */
export function renderDev(stage: DevStage, plan: ImagePlan): string {
  const builder = plan.stages.find((one) => one.name === 'builder')!;
  return [
    // What is worked in has the base of what is shipped.
    ...(standsOnBase(plan) ? ['FROM builder AS dev'] : ['FROM base AS dev', ...becomeBuilder(builder)]),
    networkStep(
      plan.buildEnvironment,
      [
        ...listMounts('lock-dev', stage.lists),
        `type=bind,from=dependencies,source=/out${VENV},target=/run/venv`,
        COMPILER_MOUNT,
        ...new Set([INSTALLERS.uv.cache, INSTALLERS[stage.installer].cache]),
      ],
      [
        'touch /dev/shm/started; sleep 0.02',
        `cp -a /run/venv ${VENV}`,
        ...installLists(stage.installer, stage.lists, stage.requireHashes),
        `uv pip install -q --python ${VENV}/bin/python ${stage.pip}`,
        compile(`${VENV}/lib`),
        `chmod -R g=u ${VENV} && rm -f ${VENV}/.lock`,
        `find /opt -newer /dev/shm/started -exec touch -h -d @${EPOCH} {} +`,
      ],
    ),
    ...copyLayers(stage.copies.filter((part) => part !== 'dependencies')),
    // A linked layer brings the modes of its own folders along.
    run([], [`find ${VENV} -type d -not -perm -g=w -exec chmod g=u {} +`]),
    `ENV PATH=${VENV}/bin:$PATH VIRTUAL_ENV=${VENV} UV_PYTHON=${VENV}/bin/python`,
    ...configure(plan.runtime),
  ].join('\n');
}
