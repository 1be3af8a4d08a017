import type { DependenciesStage } from '../../plan/types';
import { hookMount, runHook } from '../hooks';
import { caMount, EPOCH, run, trustCaBundle } from '../instructions';
import { REQUIREMENTS, SOURCES } from './lock';

/** The virtualenv of the image. Built in its final place, since console scripts name their interpreter. */
export const VENV = '/opt/venv';

/** Where the exported list is mounted. */
export const LIST = '/run/requirements.txt';

const CACHE = 'type=cache,id=uv,target=/root/.cache/uv';

/** Third-party packages from exactly the exported list. Keyed by that list's content and nothing else. */
export function renderDependencies(stage: DependenciesStage): string {
  return [
    'FROM builder AS dependencies',
    ...(stage.hook ? byHook(stage.hook) : [byList(stage.requireHashes)]),
  ].join('\n');
}

function byList(requireHashes: boolean): string {
  return run(
    [`type=bind,from=lock,source=${REQUIREMENTS},target=${LIST}`, caMount, CACHE],
    [
      ...trustCaBundle,
      `uv venv -q ${VENV}`,
      installList(requireHashes),
      `uv pip check -q --python ${VENV}/bin/python`,
      ...moveOut,
    ],
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
        CACHE,
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

/** Installs the mounted list into the virtualenv, and nothing that is not on it. */
export function installList(requireHashes: boolean): string {
  const hashes = requireHashes ? ' --require-hashes' : '';
  return `uv pip install -q --python ${VENV}/bin/python --compile-bytecode --no-deps${hashes} -r ${LIST}`;
}

const moveOut = [
  // Left by the installer; it means nothing in an image.
  `rm -f ${VENV}/.lock`,
  `mkdir -p /out/opt && mv ${VENV} /out/opt/`,
  `find /out -exec touch -h -d @${EPOCH} {} +`,
];
