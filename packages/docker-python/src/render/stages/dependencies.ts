import type { DependenciesStage } from '../../plan/types';
import { hookMount, runHook } from '../hooks';
import { INSTALLERS } from '../installers';
import { caMount, EPOCH, run, trustCaBundle } from '../instructions';
import { REQUIREMENTS, SOURCES } from './lock';

/** The virtualenv of the image. Built in its final place, since console scripts name their interpreter. */
export const VENV = '/opt/venv';

/** Where the exported list is mounted. */
export const LIST = '/run/requirements.txt';

/** Third-party packages from exactly the exported list. Keyed by that list's content and nothing else. */
export function renderDependencies(stage: DependenciesStage): string {
  return ['FROM builder AS dependencies', ...(stage.hook ? byHook(stage.hook) : [byList(stage)])].join('\n');
}

function byList({ installer, requireHashes }: DependenciesStage): string {
  const { cache, makeVenv, installList, check } = INSTALLERS[installer];
  return run(
    [`type=bind,from=lock,source=${REQUIREMENTS},target=${LIST}`, caMount, cache],
    [...trustCaBundle, makeVenv(VENV), ...installList(VENV, LIST, requireHashes), check(VENV), ...moveOut],
  );
}

function byHook({ script, root, files }: NonNullable<DependenciesStage['hook']>): readonly string[] {
  return [
    `WORKDIR ${root === '.' ? SOURCES : `${SOURCES}/${root}`}`,
    run(
      [
        ...files.map((file) => `type=bind,source=${file},target=${SOURCES}/${file}`),
        ...hookMount(script),
        ...(script.readsList ? [`type=bind,from=lock,source=${REQUIREMENTS},target=${LIST}`] : []),
        caMount,
        INSTALLERS.uv.cache,
      ],
      [
        `uv venv -q ${VENV}`,
        `export VIRTUAL_ENV=${VENV} UV_PYTHON=${VENV}/bin/python PATH=${VENV}/bin:$PATH REQUIREMENTS=${LIST}`,
        ...runHook(script, []),
        `python -m compileall -q --invalidation-mode unchecked-hash ${VENV}/lib || true`,
        ...moveOut,
      ],
    ),
  ];
}

const moveOut = [
  // Left by the installer; it means nothing in an image.
  `rm -f ${VENV}/.lock`,
  `mkdir -p /out/opt && mv ${VENV} /out/opt/`,
  `find /out -exec touch -h -d @${EPOCH} {} +`,
];
