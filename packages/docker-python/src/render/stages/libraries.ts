import type { LibrariesStage, PlannedLibrary } from '../../plan/types';
import type { BuildEnvironment } from '../../plan/build-environment';
import { networkStep } from '../build-environment';
import { shellLine } from '../shell';
import { wheelOf } from './application-steps';
import { VENV } from './dependencies';
import { SOURCES } from './lock';
import { SCRIPTS } from './scripts';

/** Where sources lie that a build backend may write beside, at their workspace-relative places. */
const BUILD = '/build';

/** Where the wheels of each library are put. */
const WHEELS = '/tmp/wheels';

/**
 * Packages of the repository as one layer: each built by its own backend and installed without its dependencies into
 * the virtualenv, whence its files are taken; at last everything that any of them requires has to be there.
 */
export function renderLibraries(
  { libraries }: LibrariesStage,
  python: string,
  environment: BuildEnvironment,
): string {
  const sources = [...new Set(libraries.flatMap(({ root, files }) => [root, ...files]))];
  const site = `${VENV}/lib/python${python}/site-packages`;
  return [
    'FROM builder AS libraries',
    networkStep(
      environment,
      [
        ...sources.map((path) => `type=bind,source=${path},target=${SOURCES}/${path}`),
        `type=bind,from=scripts,target=${SCRIPTS}`,
        `type=bind,from=dependencies,source=/out${VENV},target=${VENV},rw`,
        'type=cache,id=uv,target=/root/.cache/uv',
      ],
      [
        'export PYTHONHASHSEED=0',
        ...libraries.flatMap((library, at) => install(library, `${WHEELS}/${at}`, site)),
        'cp -a /out/. /',
        `uv pip check -q --python ${VENV}/bin/python`,
      ],
    ),
  ].join('\n');
}

function install(library: PlannedLibrary, wheels: string, site: string): readonly string[] {
  switch (library.form) {
    case 'wheel':
      return [
        place(library, BUILD),
        ...wheelOf(`${BUILD}/${library.root}`, wheels, library.version),
        ...installed(library, wheels, site),
      ];
    case 'archive':
      return [
        // Others than wheels have to become one first.
        ...(library.root.endsWith('.whl')
          ? [`mkdir -p ${wheels} && cp ${SOURCES}/${library.root} ${wheels}`]
          : wheelOf(`${SOURCES}/${library.root}`, wheels, library.version)),
        ...installed(library, wheels, site),
      ];
    case 'in-place':
      return [
        place(library, '/app'),
        finish(library, site, [
          ...['--top', library.place],
          ...library.importPath.flatMap((folder) => ['--path', folder]),
          ...(library.version ? ['--git-version', library.version] : []),
          ...(library.versionFile ? ['--version-from', library.versionFile] : []),
        ]),
      ];
  }
}

/** Installed, and its files copied out of the virtualenv. */
function installed(library: PlannedLibrary, wheels: string, site: string): readonly string[] {
  return [
    `uv pip install -q --python ${VENV}/bin/python --no-deps --force-reinstall ${wheels}/*.whl`,
    finish(library, site, ['--wheel', wheels]),
  ];
}

/** Its sources, and what its build reads beside them, at their workspace-relative places below a folder. */
function place({ root, files, without }: PlannedLibrary, folder: string): string {
  return [
    `python ${SCRIPTS}/application.py place`,
    ...[root, ...files].map((path) => shellLine(['--tree', `${SOURCES}/${path}:${folder}/${path}`])),
    ...without.map((path) => shellLine(['--without', `${folder}/${path}`])),
  ].join(' \\\n  ');
}

function finish({ place, distribution }: PlannedLibrary, site: string, more: readonly string[]): string {
  return [
    `/usr/local/bin/python ${SCRIPTS}/application.py finish --out /out`,
    shellLine(['--project', place, '--distribution', distribution]),
    shellLine(['--site', site, '--bin', `${VENV}/bin`, '--python', `${VENV}/bin/python`]),
    shellLine(more),
  ].join(' \\\n  ');
}
