import type { DependenciesStage, InstallerName, ListForm } from '../../plan/types';
import { COMPILER_MOUNT, compile } from '../bytecode';
import { hookMount, runHook } from '../hooks';
import { INSTALLERS } from '../installers';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { EPOCH } from '../instructions';
import { PYLOCK, REQUIREMENTS, SOURCES } from './lock';

/** The virtualenv of the image. Built in its final place, since console scripts name their interpreter. */
export const VENV = '/opt/venv';

/** Where the exported lists lie in the lock stage, and where they are mounted. */
const LISTS: Readonly<Record<ListForm, { readonly source: string; readonly target: string }>> = {
  requirements: { source: REQUIREMENTS, target: '/run/requirements.txt' },
  pylock: { source: PYLOCK, target: '/run/pylock.toml' },
};

/** Third-party packages from exactly the exported list. Keyed by that list's content, and by what compiles it. */
export function renderDependencies(stage: DependenciesStage, environment: BuildEnvironment): string {
  return [
    'FROM builder AS dependencies',
    ...(stage.hook ? byHook(stage.hook, stage.lists, environment) : [byList(stage, environment)]),
  ].join('\n');
}

function byList(
  { installer, lists, requireHashes }: DependenciesStage,
  environment: BuildEnvironment,
): string {
  const { cache, makeVenv, check } = INSTALLERS[installer];
  return networkStep(
    environment,
    [...listMounts('lock', lists), COMPILER_MOUNT, cache],
    [makeVenv(VENV), ...installLists(installer, lists, requireHashes), check(VENV), ...moveOut],
  );
}

function byHook(
  { script, root, files }: NonNullable<DependenciesStage['hook']>,
  lists: readonly ListForm[],
  environment: BuildEnvironment,
): readonly string[] {
  return [
    `WORKDIR ${root === '.' ? SOURCES : `${SOURCES}/${root}`}`,
    networkStep(
      environment,
      [
        ...files.map((file) => `type=bind,source=${file},target=${SOURCES}/${file}`),
        ...hookMount(script),
        ...(script.readsList ? listMounts('lock', lists) : []),
        COMPILER_MOUNT,
        INSTALLERS.uv.cache,
      ],
      [
        `uv venv -q ${VENV}`,
        `export VIRTUAL_ENV=${VENV} UV_PYTHON=${VENV}/bin/python PATH=${VENV}/bin:$PATH REQUIREMENTS=${LISTS[lists[0]!].target}`,
        ...runHook(script, []),
        ...moveOut,
      ],
    ),
  ];
}

/** Mounts of what a lock stage hands over. */
export function listMounts(stage: 'lock' | 'lock-dev', lists: readonly ListForm[]): readonly string[] {
  return lists.map(
    (form) => `type=bind,from=${stage},source=${LISTS[form].source},target=${LISTS[form].target}`,
  );
}

/** Installs the mounted lists into the virtualenv, and nothing that is not on them. */
export function installLists(
  installer: InstallerName,
  lists: readonly ListForm[],
  requireHashes: boolean,
): readonly string[] {
  return lists.map((form) => INSTALLERS[installer].installList(VENV, LISTS[form].target, requireHashes));
}

const moveOut = [
  compile(`${VENV}/lib`),
  // Left by the installer; it means nothing in an image.
  `rm -f ${VENV}/.lock`,
  `mkdir -p /out/opt && mv ${VENV} /out/opt/`,
  `find /out -exec touch -h -d @${EPOCH} {} +`,
];
