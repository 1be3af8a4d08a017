import type { ApplicationStep } from '../../plan/types';
import { hookMount, runHook } from '../hooks';
import { shellLine, shellWord } from '../shell';
import { VENV } from './dependencies';
import { SCRIPTS } from './scripts';

/** Where a step names the folders that become a layer of their own. */
export const APART = '/tmp/apart';

/** Where the requirements of a build are installed, and where a backend writes what it knows of a project. */
const BUILD_ENVIRONMENT = '/tmp/build-env';
export const METADATA = '/tmp/metadata';

/** Where the project's wheel is built. */
export const WHEEL = '/tmp/wheel';

/** What a step has to see beside the tree. */
export function stepMounts(step: ApplicationStep): readonly string[] {
  return step.kind === 'hook' ? hookMount(step.script) : [];
}

/** A step as lines of a build script; it runs where the project lies in the image. */
export function renderStep(step: ApplicationStep): readonly string[] {
  switch (step.kind) {
    case 'hook':
      return runHook(step.script, []);
    case 'extensions':
      return buildExtensions(step.requires, step.script);
    case 'static-files':
      return [
        `(cd ${shellWord(step.folder)} && ${assignments(step.env)}python ${SCRIPTS}/collectstatic.py ${shellWord(step.settings)} ${APART})`,
      ];
  }
}

/** Extension modules beside their sources; and, since its backend is at hand, the project's metadata. */
function buildExtensions(requires: readonly string[], script: boolean): readonly string[] {
  const python = `${BUILD_ENVIRONMENT}/bin/python`;
  const hook = `import setuptools.build_meta as backend; backend.prepare_metadata_for_build_wheel("${METADATA}")`;
  return [
    `uv venv -q ${BUILD_ENVIRONMENT} && mkdir ${METADATA}`,
    shellLine(['uv', 'pip', 'install', '-q', '--python', python, ...requires]),
    shellLine([
      python,
      ...(script ? ['setup.py'] : ['-c', 'from setuptools import setup; setup()']),
      ...['-q', 'build_ext', '--inplace', '--build-temp', '/tmp/build-ext'],
    ]),
    `${shellLine([python, '-c', hook])} > /dev/null`,
    'rm -rf build ./*.egg-info src/*.egg-info',
  ];
}

function assignments(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${shellWord(value)} `)
    .join('');
}

/** By the project's own backend, in isolation; then without its dependencies into the virtualenv, whence it is taken. */
export function buildWheel(folder: string, version: string | undefined): readonly string[] {
  return [
    'unset PYTHONPATH',
    ...wheelOf(folder, WHEEL, version),
    `uv pip install -q --python ${VENV}/bin/python --no-deps --force-reinstall ${WHEEL}/*.whl`,
  ];
}

/**
 * A folder -> a wheel in another folder.
 *
 * @param version given to backends that would ask git, which is not there; a variable of the build is stronger
 */
export function wheelOf(folder: string, out: string, version: string | undefined): readonly string[] {
  const build = shellLine([
    ...['uv', 'build', '-q', '--wheel', '--python', '/usr/local/bin/python', '--out-dir', out, folder],
  ]);
  if (version === undefined) return [build];
  const variables = GIT_VERSION_VARIABLES.map((name) => `${name}="\${${name}:-${version}}"`);
  return [variables.join(' ') + ' \\', `  ${build}`];
}

/** Sources: setuptools-scm (hatch-vcs asks it), PDM-Backend, poetry-dynamic-versioning, uv-dynamic-versioning. */
const GIT_VERSION_VARIABLES = [
  'SETUPTOOLS_SCM_PRETEND_VERSION',
  'PDM_BUILD_SCM_VERSION',
  'POETRY_DYNAMIC_VERSIONING_BYPASS',
  'UV_DYNAMIC_VERSIONING_BYPASS',
];
